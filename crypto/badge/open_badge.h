// What Open Badges 3.0 has badges say: its data model as tables, and the few rules that no table
// can tell.
//
// A proof is not asked for: documents are looked at before they are signed. One that is there must
// have its form.
//
// Source: 1EdTech Open Badges 3.0 (data model, Appendix B); W3C Verifiable Credentials 2.0 §4;
// Bitstring Status List 1.0 §2.1.
#pragma once

#include "crypto/badge/findings.h"
#include "crypto/badge/shape.h"
#include "crypto/json/value.h"

namespace chancery::badge {

inline constexpr std::string_view credentials_context = "https://www.w3.org/ns/credentials/v2";
inline constexpr std::string_view extensions_context =
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
inline constexpr std::string_view status_entry_type = "BitstringStatusListEntry";

extern const Shape open_badge_shape;
extern const Shape status_entry_shape;

// Form, recipients, criteria, dates, identity hashes, statuses, and what displays ask for.
void check_open_badge(const json::Value& document, Findings& findings);

// Contexts in their order, and a meaning for every member and type. Members are looked at only if
// the contexts and types are in order: on those it depends what words mean.
void check_meaning(const json::Value& document, Findings& findings);

}  // namespace chancery::badge
