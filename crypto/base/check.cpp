#include "crypto/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace chancery {

void check_failed(const char* claim, const char* file, int line) {
    std::fprintf(stderr, "%s:%d: our own mistake: CHECK(%s) does not hold\n", file, line, claim);
    std::abort();
}

}  // namespace chancery
