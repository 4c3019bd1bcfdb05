// Any text as a skill stack or as the link of one: refused, or the same when written again.
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/credential/presentation.h"
#include "node/cli/stack_file.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of({data, size});
    static_cast<void>(cli::parse_if_stack(text));
    for (const auto& stack : {cli::parse_stack(text), cli::parse_stack_link(text)}) {
        if (!stack) continue;
        const std::string written = cli::stack_text(*stack);
        const auto again = cli::parse_stack(written);
        CHECK(again && cli::stack_text(*again) == written);
        CHECK(*cli::parse_if_stack(written));
        const auto link = cli::stack_link(*stack, "https://a.example/s");
        if (link) CHECK(cli::stack_text(*cli::parse_stack_link(*link)) == written);
        static_cast<void>(credential::check_presentation(stack->presentation, 0));
    }
    return 0;
}
