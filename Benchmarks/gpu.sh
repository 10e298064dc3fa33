#!/bin/bash
# Checks and times Blitz on an NVIDIA GPU, and writes the table to Benchmarks/GPU.md:
# the self-test, the op, layer and lesson tests on the device, then the timings beside JAX and PyTorch.
#
#   Benchmarks/gpu.sh                                  on the first GPU
#   Benchmarks/gpu.sh --device xla:cpu --out FILE      at small sizes: tries the script without a GPU
#
# BLITZ_BENCH_JAX      a Python with jax (for cuda: jax[cuda13]); without it, its rows stay empty
# BLITZ_BENCH_PYTHON   a Python with torch; without it, its rows stay empty
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

for product in blitz Worker; do
  swift build -c release --package-path Benchmarks --product "$product" >&2
done
built=$(swift build -c release --package-path Benchmarks --show-bin-path)
# Says what is missing if the device is not there, before anything else takes time.
"$built/blitz" lesson compiled --steps 1 --device "$device" >&2

page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
  echo "# On a GPU"
  echo
  echo "What \`Benchmarks/gpu.sh --device $device\` wrote."
  if command -v nvidia-smi >/dev/null; then
    echo
    nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | sed 's/^/- GPU: /'
  fi
  echo
  echo "## Times"
  echo
} >"$page"

peers=()
[[ -z ${BLITZ_BENCH_JAX:-} ]] || peers+=(--jax "$BLITZ_BENCH_JAX")
[[ -z ${BLITZ_BENCH_PYTHON:-} ]] || peers+=(--torch "$BLITZ_BENCH_PYTHON")
"${BLITZ_BENCH_JAX:-${BLITZ_BENCH_PYTHON:-python3}}" Benchmarks/devices.py --worker "$built/Worker" \
  --device "$device" --rounds "$rounds" "${peers[@]}" >>"$page"

# The tests fail the script, but not before all of them are in the table.
failed=0
{
  echo
  echo "## Tests on the device"
  echo
  echo "\`blitz doctor\`: $("$built/blitz" doctor --device "$device" | tail -1)." || failed=1
  echo
  echo "| tests | result |"
  echo "|---|---|"
} >>"$page"
swift build --build-tests >&2
for tests in OpTableTests.matchesPyTorch LayerTableTests LessonTests; do
  result=$(BLITZ_DEVICE=$device swift test --skip-build --filter "$tests" 2>&1 |
    grep 'Test run with' | sed 's/.*Test run with //') || true
  [[ $result == *passed* ]] || failed=1
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
