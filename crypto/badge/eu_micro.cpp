#include "crypto/badge/eu_micro.h"

#include <array>

#include "crypto/badge/alignments.h"
#include "crypto/base/ascii.h"

namespace chancery::badge {
namespace {

constexpr std::array<std::string_view, 11> mandatory_rules = {"eu-micro.01-learner",
                                                              "eu-micro.02-title",
                                                              "eu-micro.03-country",
                                                              "eu-micro.04-awarding-body",
                                                              "eu-micro.05-date",
                                                              "eu-micro.06-learning-outcomes",
                                                              "eu-micro.07-workload",
                                                              "eu-micro.08-level",
                                                              "eu-micro.09-assessment",
                                                              "eu-micro.10-participation",
                                                              "eu-micro.11-quality-assurance"};

constexpr std::array<std::string_view, 4> ehea_cycles = {"short", "first", "second", "third"};

bool says_text(const json::Value& document, std::string_view pointer) {
    const json::Value* const value = json::at(document, pointer);
    return value != nullptr && value->as_string() != nullptr && !value->as_string()->empty();
}

bool says_some(const json::Value& document, std::string_view pointer) {
    const json::Value* const value = json::at(document, pointer);
    return value != nullptr && value->as_array() != nullptr && !value->as_array()->empty();
}

bool says_credits(const json::Value& document, std::string_view pointer) {
    const json::Value* const value = json::at(document, pointer);
    if (value == nullptr) return false;
    if (const std::int64_t* const whole = value->as_integer()) return *whole > 0;
    const double* const fraction = value->as_fraction();
    return fraction != nullptr && *fraction > 0;
}

bool is_level_code(const Alignment& level) {
    const std::string& code = level.target_code;
    if (level.target_type == eqf_level)
        return code.size() == 1 && code.front() >= '1' && code.front() <= '8';
    return std::ranges::find(ehea_cycles, code) != ehea_cycles.end();
}

bool is_level(const Alignment& alignment) {
    return alignment.target_type == eqf_level || alignment.target_type == qf_ehea_level;
}

// An element that an alignment of that type tells.
Element aligned(int number,
                std::string_view name,
                std::string_view type,
                const std::vector<Alignment>& alignments) {
    const auto found = std::ranges::find_if(alignments, [&](const Alignment& each) {
        return !each.target_name.empty() &&
               (each.target_type == type || (type == eqf_level && is_level(each)));
    });
    const bool is_told = found != alignments.end();
    return {number,
            name,
            is_told ? found->pointer : json::step(achievement_place, "alignment"),
            is_told};
}

std::string_view want_of(const Element& element) {
    constexpr std::array<std::string_view, 16> wants = {
        "id or identifier",
        "name",
        "two capitals such as ES, in an Address of the issuer's profile",
        "the issuer's name",
        "a date with time and zone",
        "a narrative of what the learner can do",
        "a positive number of credits (ECTS)",
        "an alignment with targetType ext:EQF or ext:QF-EHEA",
        "an alignment with targetType ext:AssessmentType",
        "an alignment with targetType ext:ParticipationForm",
        "an alignment with targetType ext:QualityAssurance",
        "an alignment with targetType ext:Prerequisites",
        "an alignment with targetType ext:SupervisionAndIdentity",
        "an array of results",
        "an alignment with targetType ext:Stackability",
        "an alignment with targetType ext:FurtherInformation"};
    return wants.at(static_cast<std::size_t>(element.number - 1));
}

std::string lower(std::string_view text) {
    std::string small(text);
    for (char& letter : small)
        if (is_upper(letter)) letter = static_cast<char>(letter - 'A' + 'a');
    return small;
}

// One of ours but for its capitals: then no reader of ours would find it.
bool is_misspelt(const std::string& type) {
    return std::ranges::any_of(element_target_types, [&](std::string_view ours) {
        return type != ours && lower(type) == lower(ours);
    });
}

void check_alignments(const std::vector<Alignment>& alignments, Findings& findings) {
    for (const Alignment& each : alignments) {
        if (is_level(each) && !is_level_code(each))
            findings.add("eu-micro.level-code",
                         each.pointer + "/targetCode",
                         each.target_type == eqf_level
                             ? "is no level of the framework, want 1 to 8 as a string"
                             : "is no cycle of the framework, want short, first, second or third");
        if (is_misspelt(each.target_type))
            findings.add("eu-micro.target-type",
                         each.pointer + "/targetType",
                         "differs in capitals alone from one that stands for an element");
    }
}

}  // namespace

std::vector<Element> elements_of(const json::Value& document) {
    const std::vector<Alignment> alignments = alignments_of(document);
    const std::string achievement(achievement_place);
    const auto text = [&](int number, std::string_view name, const std::string& pointer) {
        return Element{number, name, pointer, says_text(document, pointer)};
    };
    return {
        {1,
         "learner",
         "/credentialSubject",
         says_text(document, "/credentialSubject/id") ||
             says_some(document, "/credentialSubject/identifier")},
        text(2, "title", achievement + "/name"),
        text(3, "country of the issuer", "/issuer/address/addressCountryCode"),
        text(4, "awarding body", "/issuer/name"),
        text(5, "date", "/awardedDate"),
        text(6, "learning outcomes", achievement + "/criteria/narrative"),
        {7,
         "workload",
         achievement + "/creditsAvailable",
         says_credits(document, achievement + "/creditsAvailable")},
        aligned(8, "level", eqf_level, alignments),
        aligned(9, "type of assessment", assessment_type, alignments),
        aligned(10, "form of participation", participation_form, alignments),
        aligned(11, "quality assurance", quality_assurance, alignments),
        aligned(12, "prerequisites", prerequisites, alignments),
        aligned(13, "supervision and identity verification", supervision, alignments),
        {14,
         "grade",
         "/credentialSubject/result",
         says_some(document, "/credentialSubject/result")},
        aligned(15, "stackability", stackability, alignments),
        aligned(16, "further information", further_information, alignments),
    };
}

std::string untold_text(const Element& element) {
    return "element " + std::to_string(element.number) + ", " + std::string(element.name) +
           ", is not told: want " + std::string(want_of(element));
}

bool is_micro_credential(const json::Value& document) {
    const json::Value* const achievement = json::at(document, achievement_place);
    if (achievement == nullptr) return false;
    if (json::text_in(*achievement, "achievementType") == "MicroCredential") return true;
    const auto alignments = alignments_of(document);
    return std::ranges::any_of(alignments, [](const Alignment& each) {
        return each.target_type == participation_form || each.target_type == quality_assurance;
    });
}

void check_eu_micro(const json::Value& document, Findings& findings) {
    for (const Element& element : elements_of(document)) {
        if (!element.is_mandatory() || element.is_told) continue;
        findings.add(mandatory_rules.at(static_cast<std::size_t>(element.number - 1)),
                     element.pointer,
                     untold_text(element));
    }
    const std::vector<Alignment> alignments = alignments_of(document);
    check_alignments(alignments, findings);
    if (std::ranges::none_of(alignments, &Alignment::is_competency))
        findings.add("eu-micro.outcomes-framework",
                     json::step(achievement_place, "alignment"),
                     "no outcome is tied to a framework of skills such as ESCO");
    if (!says_credits(document, "/credentialSubject/creditsEarned"))
        findings.add("eu-micro.credits-earned",
                     "/credentialSubject/creditsEarned",
                     "missing: what the learner earned of the credits available");
}

}  // namespace chancery::badge
