/// A plugin that `blitz plugin install` knows: which wheels of Python's package index make it.
///
/// The versions are pinned, so that what is installed is what was tried. Each set was resolved
/// together on 2026-11-23, the NVIDIA ones from `jax-cuda13-plugin[with-cuda]` and
/// `jax-cuda12-plugin[with-cuda]` for Python 3.12 on manylinux_2_28 x86-64.
struct PluginPackage: Sendable {
  /// What it is called, and its folder in `~/.blitz/plugins`: `cpu`, `cuda13`.
  let name: String
  /// What it drives.
  let summary: String
  /// What users write after `--device`.
  let device: String
  /// What is downloaded, and how much room it then takes, in MB.
  let size: (download: Int, installed: Int)
  /// How far it was tried.
  let trial: Trial
  /// The wheels, each with its version.
  let wheels: [String]

  /// How far a set of wheels was tried.
  enum Trial: Sendable, Equatable {
    /// Installed by this command, and the self-test, the op table, the layer tests and the lessons
    /// ran on it.
    case run(interface: String)
    /// The versions go together, as the package index says; no such device was at hand.
    case resolved

    /// For the list.
    var description: String {
      switch self {
      case .run(let interface): "run, PJRT \(interface)"
      case .resolved: "resolved only, not run"
      }
    }
  }

  static let all = [cpu, cuda13, cuda12]

  private static let cpu = PluginPackage(
    name: "cpu", summary: "this machine's processor, through XLA", device: "xla:cpu",
    size: (64, 260), trial: .run(interface: "0.81"),
    wheels: ["xla-cpu-pjrt==0.0.1"])

  private static let cuda13 = PluginPackage(
    name: "cuda13", summary: "NVIDIA GPUs whose driver knows CUDA 13", device: "cuda",
    size: (2_500, 4_000), trial: .resolved,
    wheels: [
      "jax-cuda13-pjrt==0.12.0.1",
      "nvidia-cublas==13.10.0.20",
      "nvidia-cuda-crt==13.5.37",
      "nvidia-cuda-cupti==13.5.25",
      "nvidia-cuda-nvcc==13.5.37",
      "nvidia-cuda-nvrtc==13.5.37",
      "nvidia-cuda-runtime==13.5.37",
      "nvidia-cudnn-cu13==9.28.1.4",
      "nvidia-cufft==12.5.0.14",
      "nvidia-cusolver==12.4.1.2",
      "nvidia-cusparse==12.9.4.2",
      "nvidia-nccl-cu13==2.32.3",
      "nvidia-nvjitlink==13.5.37",
      "nvidia-nvshmem-cu13==3.8.0",
      "nvidia-nvvm==13.5.37",
    ])

  private static let cuda12 = PluginPackage(
    name: "cuda12", summary: "NVIDIA GPUs whose driver knows CUDA 12", device: "cuda",
    size: (3_000, 4_500), trial: .resolved,
    wheels: [
      "jax-cuda12-pjrt==0.12.0.1",
      "nvidia-cublas-cu12==12.9.3.13",
      "nvidia-cuda-cupti-cu12==12.9.79",
      "nvidia-cuda-nvcc-cu12==12.9.86",
      "nvidia-cuda-nvrtc-cu12==12.9.86",
      "nvidia-cuda-runtime-cu12==12.9.79",
      "nvidia-cudnn-cu12==9.28.0.42",
      "nvidia-cufft-cu12==11.4.1.4",
      "nvidia-cusolver-cu12==11.7.5.82",
      "nvidia-cusparse-cu12==12.5.10.65",
      "nvidia-nccl-cu12==2.32.3",
      "nvidia-nvjitlink-cu12==12.9.86",
      "nvidia-nvshmem-cu12==3.8.0",
    ])
}
