#include "crypto/badge/quality.h"

#include "crypto/badge/alignments.h"

namespace chancery::badge {
namespace {

bool has_members(const json::Value& document, const std::string& pointer) {
    const json::Value* const value = json::at(document, pointer);
    return value != nullptr && value->as_array() != nullptr && !value->as_array()->empty();
}

}  // namespace

void check_quality(const json::Value& document, Findings& findings) {
    const std::string achievement(achievement_place);
    const std::vector<Alignment> alignments = alignments_of(document);
    const auto competencies =
        static_cast<std::size_t>(std::ranges::count_if(alignments, &Alignment::is_competency));
    if (competencies < competencies_min || competencies > competencies_max)
        findings.add("quality.competencies",
                     achievement + "/alignment",
                     "names " + std::to_string(competencies) + " competencies, want 5 to 7");

    const json::Value* const narrative = json::at(document, achievement + "/criteria/narrative");
    if (narrative == nullptr || narrative->as_string() == nullptr ||
        narrative->as_string()->size() < criteria_characters_min)
        findings.add("quality.criteria",
                     achievement + "/criteria/narrative",
                     "does not say what had to be done, want a sentence of at least 40 characters");

    const bool is_assessed = has_members(document, achievement + "/resultDescription") ||
                             has_members(document, "/credentialSubject/result") ||
                             std::ranges::any_of(alignments, [](const Alignment& each) {
                                 return each.target_type == assessment_type;
                             });
    if (!is_assessed)
        findings.add("quality.assessment",
                     achievement + "/resultDescription",
                     "nothing tells how it was assessed, want result descriptions, results or an "
                     "alignment with targetType ext:AssessmentType");

    if (document.find("validUntil") == nullptr)
        findings.add("quality.expiry", "/validUntil", "missing: skills do not last for ever");
}

}  // namespace chancery::badge
