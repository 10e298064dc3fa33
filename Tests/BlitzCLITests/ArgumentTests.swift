import Testing

@Suite("blitz: arguments")
struct ArgumentTests {
  @Test(
    "refuses wrong arguments in one line, with exit code 2",
    arguments: [
      (
        "notebook nowhere.ipynb", "there is no \"nowhere.ipynb\"; name a notebook or a folder"
      ),
      ("train --hidden 0", "--hidden is 0; it takes 1 to 1000000"),
      ("train --hidden=-3", "--hidden is -3; it takes 1 to 1000000"),
      (
        "train --hidden abc",
        "The value 'abc' is invalid for '--hidden <hidden>'; it takes a whole number or a list of "
          + "them"
      ),
      ("train --hidden", "Missing value for '--hidden <hidden>'"),
      ("train --hiden 3", "Unknown option '--hiden'. Did you mean '--hidden'?"),
      ("train --batch 0", "--batch is 0; it takes 1 or more"),
      ("train --epochs 0", "--epochs is 0; it takes 1 to 1000000"),
      ("train --rate 0", "--rate is 0.0; it takes a number above 0"),
      ("train --rate -1", "--rate is -1.0; it takes a number above 0"),
      ("train --rate nan", "--rate is nan; it takes a number above 0"),
      ("train --weight-decay -0.1", "--weight-decay is -0.1; it takes 0 or a number above"),
      (
        "train --seed -1",
        "The value '-1' is invalid for '--seed <seed>'; it takes a whole number of 0 or more"
      ),
      (
        "train --rate fast", "The value 'fast' is invalid for '--rate <rate>'; it takes a number"
      ),
      (
        "train --batch=1.5",
        "The value '1.5' is invalid for '--batch <batch>'; it takes a whole number"
      ),
      (
        "lesson autograd --seed x",
        "The value 'x' is invalid for '--seed <seed>'; it takes a whole number of 0 or more"
      ),
      (
        "lesson autograd --steps x",
        "The value 'x' is invalid for '--steps <steps>'; it takes a whole number of 1 or more"
      ),
      (
        "predict a b --top x",
        "The value 'x' is invalid for '--top <top>'; it takes a whole number of 1 or more"
      ),
      (
        "play --port 70000",
        "The value '70000' is invalid for '--port <port>'; it takes a whole number from 0 to 65535"
      ),
      ("serve", "Missing expected argument '<MODEL>'; blitz serve --help says what it takes"),
      ("serve x --batch 0", "--batch is 0; it takes 1 to 4096"),
      ("serve x --wait -1", "--wait is -1; it takes 0 to 1000"),
      (
        "serve x --port y",
        "The value 'y' is invalid for '--port <port>'; it takes a whole number from 0 to 65535"
      ),
      (
        "launch --processes two -- ls",
        "The value 'two' is invalid for '--processes <processes>'; it takes a whole number of 1 or "
          + "more"
      ),
      (
        "download letters",
        "there is no data set \"letters\" to fetch; it takes mnist, fashion-mnist or cifar-10"
      ),
      (
        "download iris",
        "there is no data set \"iris\" to fetch: it is built in; it takes mnist, fashion-mnist or "
          + "cifar-10"
      ),
      (
        "new 3d",
        "\"3d\": a package's name has letters, digits, - and _, and starts with a letter, as my-net"
      ),
      (
        "new a/b.c",
        "\"a/b.c\": a package's name has letters, digits, - and _, and starts with a letter, as "
          + "my-net"
      ),
      (
        "new blitz-nn",
        "\"blitz-nn\" would be a module BlitzNn, but there is BlitzNN already; take another name, "
          + "as my-blitz-nn"
      ),
      ("new", "Missing expected argument '<NAME>'; blitz new --help says what it takes"),
      (
        "train --loss l1",
        "The value 'l1' is invalid for '--loss <loss>'; it takes squared-error, cross-entropy or "
          + "mse"
      ),
      (
        "train --data random --loss cross-entropy",
        "--data random has numbers for targets, no classes; it takes --loss squared-error"
      ),
      ("train --label x", "--label is for tables; --data digits is none"),
      ("train --data iris --header no", "--header is for tables; --data iris is none"),
      ("train --missing drop", "--missing is for tables; --data digits is none"),
      (
        "train --data iris --loss mse",
        "--loss mse is for a table whose label is a number; --data iris has classes: it takes "
          + "--loss cross-entropy or squared-error"
      ),
      (
        "train --data=",
        "Missing value for "
          + "'--data <digits|random|mnist|fashion-mnist|cifar-10|spirals|iris|FILE.csv|DIR>'"
      ),
      ("train --out=", "Missing value for '--out <DIR>'"),
      (
        "train --device tpu",
        "--device: there is no kind of device \"tpu\"; devices are cpu, cuda for NVIDIA GPUs, and "
          + "xla:NAME for other plugins, as xla:cpu"
      ),
      (
        "train --device xla:cpu --devices 3",
        "--devices 3 cannot share batches of 16 rows evenly; it takes a --batch that 3 divides"
      ),
      (
        "train --model cnn",
        "The value 'cnn' is invalid for '--model <model>'; it takes two-layer, mlp or conv; did "
          + "you mean 'conv'?"
      ),
      (
        "train --precision half",
        "The value 'half' is invalid for '--precision <precision>'; it takes float32, bfloat16 or "
          + "float16"
      ),
      (
        "train --hidden 3,4",
        "--hidden is 3,4; --model two-layer takes one size, --model mlp a list"
      ),
      (
        "train --hidden 3,,4",
        "The value '3,,4' is invalid for '--hidden <hidden>'; it takes a whole number or a list of "
          + "them"
      ),
      ("train --dropout 0.1", "--model two-layer has no dropout; it takes --model mlp or conv"),
      ("train --model mlp --dropout 1", "--dropout is 1.0; it takes 0 or more, below 1"),
      ("train --clip 0", "--clip is 0.0; it takes a number above 0"),
      ("train --accumulate 0", "--accumulate is 0; it takes 1 to 100000"),
      (
        "train --data iris --model conv",
        "--model conv takes images, not --data iris; it takes --model two-layer or mlp"
      ),
      (
        "train --data spirals --augment",
        "--augment moves and mirrors images; --data spirals has none"
      ),
      (
        "train --data-dir /tmp",
        "--data-dir is for --data mnist, fashion-mnist or cifar-10; --data digits needs none"
      ),
      (
        "train --resume a --config b",
        "--resume takes the settings from its folder and writes there; leave --config out"
      ),
      (
        "train --resume a --out b",
        "--resume takes the settings from its folder and writes there; leave --out out"
      ),
      ("predict a b --top 0", "--top is 0; it takes 1 to 10000"),
      (
        "predict a",
        "Missing expected argument '<FILE> ...'; blitz predict --help says what it takes"
      ),
      (
        "evaluate", "Missing expected argument '<DIR>'; blitz evaluate --help says what it takes"
      ),
      (
        "summary a --model mlp",
        "a says itself what network it has; leave the options out, or the folder"
      ),
      ("train more", "Unexpected argument 'more'; blitz train --help says what it takes"),
      (
        "plugin install",
        "Missing expected argument '<cpu|cuda13|cuda12>'; blitz plugin install --help says what it "
          + "takes"
      ),
      (
        "plugin install tpu",
        "there is no plugin \"tpu\" to install; it takes cpu, cuda13, cuda12"
      ),
      ("trian", "there is no command \"trian\"; did you mean \"train\"?"),
      ("trian --help", "there is no command \"trian\"; did you mean \"train\"?"),
      ("help trian", "there is no command \"trian\"; did you mean \"train\"?"),
      (
        "train --optimizer adamx",
        "The value 'adamx' is invalid for '--optimizer <optimizer>'; it takes sgd, momentum, "
          + "nesterov, adam, adamw, rmsprop, adagrad, adadelta or lion; did you mean 'adam'?"
      ),
      ("trian --data iris", "there is no command \"trian\"; did you mean \"train\"?"),
      ("onnx inspct m.onnx", "there is no command \"onnx inspct\"; did you mean \"inspect\"?"),
      ("plugin instal cpu", "there is no command \"plugin instal\"; did you mean \"install\"?"),
      (
        "frobnicate",
        "there is no command \"frobnicate\"; the commands are train, evaluate, predict, summary, "
          + "download, new, lesson, play, notebook, embed, tokenize, onnx, quantize, serve, "
          + "doctor, devices, plugin, launch"
      ),
      // What PyTorch programs call it.
      ("train --lr 0.1", "Unknown option '--lr'. Did you mean '--rate'?"),
      ("train --batch-size 3", "Unknown option '--batch-size'. Did you mean '--batch'?"),
      ("train --num-epochs=3", "Unknown option '--num-epochs'. Did you mean '--epochs'?"),
      ("train --xyzzy 1", "Unknown option '--xyzzy'; blitz train --help says what it takes"),
      (
        "notebook --port 1", "Unknown option '--port'; blitz notebook --help says what it takes"
      ),
      ("download minst", "there is no data set \"minst\"; did you mean \"mnist\"?"),
      (
        "train --data cifar10 --data-dir a",
        "--data-dir is for --data mnist, fashion-mnist or cifar-10; did you mean \"cifar-10\"?"
      ),
      ("lesson --steps 0", "--steps is 0; it takes 1 to 10000000"),
      ("lesson --every 0", "--every is 0; it takes 1 or more"),
      (
        "lesson nope",
        "there is no lesson \"nope\"; the lessons are vectorized, arrays, tensors, autograd, "
          + "custom-function, compiled, nn, optim, module, dynamic, what-it-lacks"
      ),
    ])
  func wrongArguments(line: String, message: String) throws {
    let result = try Command.run(line.split(separator: " ").map(String.init))
    #expect(result.error == "blitz: \(message)\n")
    #expect(result.output == "")
    #expect(result.status == 2)
  }

  @Test("tells its version and its help on standard output, with exit code 0")
  func help() throws {
    let version = try Command.run(["--version"])
    #expect(version.output == "0.1.0\n")
    #expect(version.status == 0)
    let help = try Command.run(["train", "--help"])
    #expect(help.status == 0)
    #expect(help.error == "")
    for option in [
      "data", "hidden", "bias", "weight-decay", "loss", "batch", "rate", "epochs", "seed", "json",
      "out", "device", "model", "optimizer", "schedule", "dropout", "clip", "accumulate", "augment",
      "check-gradients", "config", "resume", "tensorboard", "data-dir", "precision",
      "label", "header", "missing", "overwrite",
    ] {
      #expect(help.output.contains("  --\(option)"))
    }
    #expect(try Command.run([]).output.contains("SUBCOMMANDS:"))
  }

  @Test("refuses empty names")
  func emptyNames() throws {
    #expect(
      try Command.run(["train", "--data", ""]).error
        == "blitz: --data is empty; it takes digits, random, mnist, fashion-mnist, cifar-10, "
        + "spirals, iris, a CSV file or a folder of images\n")
    let out = try Command.run(["train", "--out", ""])
    #expect(out.error == "blitz: --out is empty; it takes the name of a folder\n")
    #expect(out.status == 2)
  }
}
