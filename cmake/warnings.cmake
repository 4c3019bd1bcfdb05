# One list of warnings for everything that is ours; libraries are SYSTEM and exempt.
# Files compiled together (CMAKE_UNITY_BUILD) see one another's names, which is no shadowing of ours.
# g++ 12 sees an overlap in std::string's own concatenation when it optimises (GCC PR 105651).
add_library(chancery_warnings INTERFACE)
target_compile_options(chancery_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wcast-qual -Wformat=2
    -Wimplicit-fallthrough -Wswitch-enum -Wundef -Wdouble-promotion -Wextra-semi
    $<$<CXX_COMPILER_ID:GNU>:-Wsuggest-override;-Wduplicated-cond;-Wduplicated-branches;-Wlogical-op;-Wno-restrict>
    $<$<BOOL:${CMAKE_UNITY_BUILD}>:-Wno-shadow;$<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>>
    $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety;-Wno-string-conversion>
    $<$<BOOL:${CHANCERY_WERROR}>:-Werror>)
