/** The environment where none is named. */
export const defaultEnvironment = "minikube";
