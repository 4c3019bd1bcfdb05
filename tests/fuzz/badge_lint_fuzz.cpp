// Any document under every profile, alone and in a batch: each finding is of a known rule, names a
// place that is there or could be, and repeats nothing that the document says.
#include <array>
#include <set>

#include "crypto/badge/lint.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/json/parse.h"
#include "crypto/json/pointer.h"

using namespace chancery;

namespace {

const std::set<badge::Profile> every_profile = {badge::Profile::ob3,
                                                badge::Profile::eu_micro,
                                                badge::Profile::privacy,
                                                badge::Profile::quality};

void check(const badge::Finding& finding) {
    CHECK(&badge::rule(finding.rule->id) == finding.rule);
    CHECK(finding.pointer.empty() || finding.pointer.front() == '/');
    CHECK(!finding.message.empty());
    CHECK(finding.message.find("secret@example.org") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto document = json::parse(text_of({data, size}));
    if (!document) return 0;
    const auto found = badge::lint(*document, every_profile);
    CHECK(found.size() <= badge::findings_max);
    for (const badge::Finding& finding : found)
        check(finding);
    const std::array<json::Value, 2> twice = {*document, *document};
    for (const badge::BatchFinding& each : badge::lint_batch(twice, every_profile)) {
        CHECK(each.document < twice.size());
        check(each.finding);
    }
    return 0;
}
