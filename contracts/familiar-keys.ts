/**
 * Keys that people set because another chart has them, and what has their effect here. The nearest spelling would name
 * the same key of a subchart, where it has another effect.
 *
 * By chart; a path stands for all that is below it.
 */
export const familiarKeys: { readonly [chart: string]: { readonly [path: string]: string } } = {
  librechat: {
    // Before the chart moved to LibreChat's repository its environment variables stood there.
    config: "librechat.configEnv",
    env: "librechat.configEnv",
    // Bitnami's charts name the Secret of the environment variables so.
    extraEnvVarsSecret: "global.librechat.existingSecretName",
    existingSecret: "global.librechat.existingSecretName",
    "librechat.existingSecretName": "global.librechat.existingSecretName",
    extraEnvVars: "global.librechat.env",
    // What `helm create` and Bitnami call the one volume of an application.
    "persistence.enabled": "librechat.imageVolume.enabled",
    "persistence.size": "librechat.imageVolume.size",
    "persistence.accessModes": "librechat.imageVolume.accessModes",
    "persistence.storageClass": "librechat.imageVolume.storageClassName",
    persistence: "librechat.imageVolume",
    // A master key is what switches Meilisearch's authentication on.
    "meilisearch.auth.enabled": "meilisearch.auth.existingMasterKeySecret",
  },
  ollama: {
    // Bitnami's and other charts' name for the volume.
    "persistence.enabled": "persistentVolume.enabled",
    "persistence.size": "persistentVolume.size",
    "persistence.storageClass": "persistentVolume.storageClass",
    persistence: "persistentVolume",
    env: "extraEnv",
    extraEnvVars: "extraEnv",
  },
};
