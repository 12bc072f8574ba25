# Ollama and LibreChat as people write them in HCL: one Helm release each, values in files with comments, the namespaces
# beside them, a local state. The namespaces have names of their own, so that one cluster takes these and the platform's.
terraform {
  required_providers {
    helm = {
      source = "hashicorp/helm"
    }
    kubernetes = {
      source = "hashicorp/kubernetes"
    }
  }
}

variable "kubeconfig" {
  type = string
}

variable "context" {
  type = string
}

# Where the chart of each release is: a name in a repository, or a package.
variable "charts" {
  type = map(object({
    chart      = string
    repository = optional(string)
    version    = string
  }))
}

provider "helm" {
  kubernetes = {
    config_path    = var.kubeconfig
    config_context = var.context
  }
}

provider "kubernetes" {
  config_path    = var.kubeconfig
  config_context = var.context
}

resource "kubernetes_namespace_v1" "ollama" {
  metadata {
    name = "ollama-by-hand"
  }
}

resource "kubernetes_namespace_v1" "librechat" {
  metadata {
    name = "librechat-by-hand"
  }
}

resource "helm_release" "ollama" {
  name       = "ollama"
  namespace  = kubernetes_namespace_v1.ollama.metadata[0].name
  repository = var.charts.ollama.repository
  chart      = var.charts.ollama.chart
  version    = var.charts.ollama.version
  timeout    = 1800

  values = [
    file("${path.module}/values/ollama.yaml"),
    file("${path.module}/ollama.environment.yaml"),
  ]
}

resource "helm_release" "librechat" {
  name       = "librechat"
  namespace  = kubernetes_namespace_v1.librechat.metadata[0].name
  repository = var.charts.librechat.repository
  chart      = var.charts.librechat.chart
  version    = var.charts.librechat.version
  timeout    = 900

  values = [
    file("${path.module}/values/librechat.yaml"),
    file("${path.module}/librechat.environment.yaml"),
  ]

  depends_on = [helm_release.ollama]
}
