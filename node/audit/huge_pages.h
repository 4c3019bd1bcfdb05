// Memory for long tables that are looked up at random places: in huge pages where the system has
// them, for with small ones nearly every look misses the processor's list of pages too, and what
// was asked for ahead of time is not fetched at all.
#pragma once

#include <cstddef>
#include <new>

#include <sys/mman.h>

namespace chancery::audit {

template <typename Value>
struct HugePages {
    using value_type = Value;
    static constexpr std::align_val_t page_bytes{std::size_t{2} << 20};

    HugePages() = default;
    template <typename Other>
    HugePages(const HugePages<Other>& /*other*/) {}

    Value* allocate(std::size_t count) {
        const std::size_t bytes = count * sizeof(Value);
        void* const memory = ::operator new(bytes, page_bytes);
        // Only advice: without it the table is as right, and slower.
        static_cast<void>(::madvise(memory, bytes, MADV_HUGEPAGE));
        return static_cast<Value*>(memory);
    }
    void deallocate(Value* memory, std::size_t /*count*/) { ::operator delete(memory, page_bytes); }
    bool operator==(const HugePages&) const = default;
};

}  // namespace chancery::audit
