// A program that is a worker and nothing else.
#include "bench/worker/worker.h"

int main() {
  return moat::worker_main();
}
