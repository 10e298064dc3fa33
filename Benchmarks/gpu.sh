#!/bin/bash
# Checks and times Blitz on an NVIDIA GPU, and writes the table to Benchmarks/GPU.md:
# the self-test, the op, layer and lesson tests on the device, then the timings beside JAX and PyTorch.
#
#   Benchmarks/gpu.sh                                  on the first GPU
#   Benchmarks/gpu.sh --device xla:cpu --out FILE      at small sizes: tries the script without a GPU
#
# BLITZ_BENCH_JAX      a Python with jax, for cuda jax[cuda13] (default: python3)
# BLITZ_BENCH_PYTHON   a Python with torch (default: python3)
#
# Rows over a peer that is not there stay empty. What the tests print goes to standard error.
set -euo pipefail
cd "$(dirname "$0")/.."
device=cuda out=Benchmarks/GPU.md rounds=7
while (($#)); do
  case $1 in
    --device) device=$2 ;;
    --out) out=$2 ;;
    --rounds) rounds=$2 ;;
    *)
      echo "Benchmarks/gpu.sh: there is no option $1; --device, --out and --rounds take a value" >&2
      exit 2
      ;;
  esac
  shift 2
done
[[ $device == cuda* ]] || export BLITZ_BENCH_SMALL=1
export BLITZ_NUM_THREADS=${BLITZ_NUM_THREADS:-$(nproc)}
python=python3 peers=()
# peer NAME MODULE PYTHON: the peer's rows are measured if that Python has the module.
peer() {
  if "$3" -c "import $2" 2>/dev/null; then
    peers+=("--$1" "$3")
    python=$3
  else
    echo "Benchmarks/gpu.sh: $3 has no $2; its rows stay empty" >&2
  fi
}
peer torch torch "${BLITZ_BENCH_PYTHON:-python3}"
peer jax jax "${BLITZ_BENCH_JAX:-python3}"

for product in blitz Worker; do
  swift build -c release --package-path Benchmarks --product "$product" >&2
done
built=$(swift build -c release --package-path Benchmarks --show-bin-path)
# Says what is missing if the device is not there, before anything else takes time.
"$built/blitz" lesson compiled --steps 1 --device "$device" >&2

# What fails ends the script with 1, but not before all is in the table.
failed=0
page=$(mktemp) doctor=$(mktemp)
trap 'rm -f "$page" "$doctor"' EXIT
"$built/blitz" doctor --device "$device" | tee "$doctor" >&2 || failed=1
{
  echo "# On a GPU"
  echo
  echo "What \`Benchmarks/gpu.sh --device $device\` wrote."
  echo
  echo "- Blitz: $(git describe --always --dirty)"
  if command -v nvidia-smi >/dev/null; then
    nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | sed 's/^/- GPU: /'
  fi
  sed -n 's/^ *\(PJRT [0-9].*\)/- plugin: \1/p' "$doctor"
  echo
  echo "## Times"
  echo
} >"$page"
"$python" Benchmarks/devices.py --worker "$built/Worker" --device "$device" --rounds "$rounds" \
  "${peers[@]}" >>"$page"

{
  echo
  echo "## Tests on the device"
  echo
  echo "\`blitz doctor\`: $(tail -1 "$doctor")."
  echo
  echo "| tests | result |"
  echo "|---|---|"
} >>"$page"
swift build --build-tests >&2
for tests in OpTableTests.matchesPyTorch LayerTableTests LessonTests; do
  result=$(BLITZ_DEVICE=$device swift test --skip-build --filter "$tests" 2>&1 | tee >(cat >&2) |
    sed -n 's/.*Test run with //p') || failed=1
  # No test is no success.
  [[ $result == [1-9]*passed* ]] || failed=1
  echo "| \`BLITZ_DEVICE=$device swift test --filter $tests\` | ${result:-did not end} |" >>"$page"
done
cat >>"$page" <<'END'

Tolerances, of the difference over what each names: the self-test's stand beside each op in
`blitz doctor`, over the greater of 1 and the number: 0 where no rounding is free, 2e-5 for functions
such as exp, 1e-4 for sums, products and convolutions. The tests above compare with PyTorch's stored
results under the tolerances of their tables, the same as on the CPU.
END
mv "$page" "$out"
chmod 644 "$out"
trap - EXIT
echo "wrote $out" >&2
exit "$failed"
