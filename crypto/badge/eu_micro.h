// The European standard elements to describe a micro-credential, as an Open Badge tells them.
//
// Eleven are mandatory and five optional. Most have a member of Open Badges; level, assessment,
// participation and quality assurance are alignments of the achievement,
// crypto/badge/target_types.h.
//
// Source: Council Recommendation of 16 June 2022 (2022/C 243/02), Annex I.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/badge/findings.h"
#include "crypto/json/value.h"

namespace chancery::badge {

struct Element {
    int number = 0;  // 1 … 11 are mandatory, 12 … 16 optional.
    std::string_view name;
    std::string pointer;  // Where it is told, or would be.
    bool is_told = false;

    bool is_mandatory() const { return number <= 11; }
};

// All sixteen, in the Annex's order.
std::vector<Element> elements_of(const json::Value& document);

// "element 12, prerequisites, is not told: want …"
std::string untold_text(const Element& element);

// Whether the document claims to be a micro-credential or tells of one of the elements that no
// other badge tells of.
bool is_micro_credential(const json::Value& document);

void check_eu_micro(const json::Value& document, Findings& findings);

}  // namespace chancery::badge
