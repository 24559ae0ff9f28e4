// The module is headers only; the package manager wants one source file.
#include "CKernel.h"
