/** The label by which a namespace refuses pods. */
export const enforcedPodSecurity = "pod-security.kubernetes.io/enforce";
