// What Open Badges 3.0.2 and 3.0.3 say alike; their own files have what each says otherwise.
#pragma once

#include <array>

#include "crypto/rdf/contexts/names.h"
#include "crypto/rdf/term_sheet.h"

namespace chancery::rdf::contexts::badge_sheets {

using names::badges;
using names::https_any_uri;
using names::https_boolean;
using names::https_date;
using names::https_float;
using names::schema;
using enum Container;

inline constexpr auto address_terms = std::to_array<Definition>({
    {"addressCountry", schema, "addressCountry"},
    {"addressCountryCode", badges, "CountryCode"},
    {"addressLocality", schema, "addressLocality"},
    {"addressRegion", schema, "addressRegion"},
    {"geo", badges, "GeoCoordinates"},
    {"id", "@id"},
    {"postOfficeBoxNumber", schema, "postOfficeBoxNumber"},
    {"postalCode", schema, "postalCode"},
    {"streetAddress", schema, "streetAddress"},
    {"type", "@type"},
});
inline constexpr TermSheet address{address_terms, true};

inline constexpr auto alignment_terms = std::to_array<Definition>({
    {"id", "@id"},
    {"targetCode", badges, "targetCode"},
    {"targetDescription", schema, "targetDescription"},
    {"targetFramework", schema, "targetFramework"},
    {"targetName", schema, "targetName"},
    {"targetType", badges, "targetType"},
    {"targetUrl", schema, "targetUrl", https_any_uri},
    {"type", "@type"},
});
inline constexpr TermSheet alignment{alignment_terms, true};

inline constexpr auto endorsement_subject_terms = std::to_array<Definition>({
    {"endorsementComment", badges, "endorsementComment"},
    {"id", "@id"},
    {"type", "@type"},
});
inline constexpr TermSheet endorsement_subject{endorsement_subject_terms, true};

inline constexpr auto evidence_terms = std::to_array<Definition>({
    {"audience", schema, "audience"},
    {"genre", schema, "genre"},
    {"id", "@id"},
    {"type", "@type"},
});
inline constexpr TermSheet evidence{evidence_terms, true};

inline constexpr auto geo_coordinates_terms = std::to_array<Definition>({
    {"id", "@id"},
    {"latitude", schema, "latitude"},
    {"longitude", schema, "longitude"},
    {"type", "@type"},
});
inline constexpr TermSheet geo_coordinates{geo_coordinates_terms, true};

inline constexpr auto identifier_entry_terms = std::to_array<Definition>({
    {"id", "@id"},
    {"identifier", badges, "identifier"},
    {"identifierType", badges, "identifierType"},
    {"type", "@type"},
});
inline constexpr TermSheet identifier_entry{identifier_entry_terms, true};

inline constexpr auto identity_object_terms = std::to_array<Definition>({
    {"hashed", badges, "hashed", https_boolean},
    {"id", "@id"},
    {"identityHash", badges, "identityHash"},
    {"identityType", badges, "identityType"},
    {"salt", badges, "salt"},
    {"type", "@type"},
});
inline constexpr TermSheet identity_object{identity_object_terms, true};

inline constexpr auto image_terms = std::to_array<Definition>({
    {"caption", schema, "caption"},
    {"id", "@id"},
    {"type", "@type"},
});
inline constexpr TermSheet image{image_terms, true};

inline constexpr auto result_terms = std::to_array<Definition>({
    {"achievedLevel", badges, "achievedLevel", https_any_uri},
    {"id", "@id"},
    {"resultDescription", badges, "resultDescription", https_any_uri},
    {"status", badges, "status"},
    {"type", "@type"},
    {"value", schema, "value"},
});
inline constexpr TermSheet result{result_terms, true};

inline constexpr auto result_description_terms = std::to_array<Definition>({
    {"allowedValue", badges, "allowedValue", {}, list},
    {"id", "@id"},
    {"requiredLevel", badges, "requiredLevel", https_any_uri},
    {"requiredValue", badges, "requiredValue"},
    {"resultType", badges, "resultType"},
    {"rubricCriterionLevel", badges, "rubricCriterionLevel", {}, set},
    {"type", "@type"},
    {"valueMax", badges, "valueMax"},
    {"valueMin", badges, "valueMin"},
});
inline constexpr TermSheet result_description{result_description_terms, true};

inline constexpr auto rubric_criterion_level_terms = std::to_array<Definition>({
    {"id", "@id"},
    {"level", badges, "level"},
    {"points", badges, "points"},
    {"type", "@type"},
});
inline constexpr TermSheet rubric_criterion_level{rubric_criterion_level_terms, true};

// Of types whose words did change, those that did not.

inline constexpr auto common_achievement_terms = std::to_array<Definition>({
    {"achievementType", badges, "achievementType"},
    {"alignment", badges, "alignment", {}, set},
    {"creator", badges, "creator"},
    {"creditsAvailable", badges, "creditsAvailable", https_float},
    {"criteria", badges, "Criteria", by_id},
    {"fieldOfStudy", badges, "fieldOfStudy"},
    {"humanCode", badges, "humanCode"},
    {"id", "@id"},
    {"otherIdentifier", badges, "otherIdentifier", {}, set},
    {"related", badges, "related", {}, set},
    {"resultDescription", badges, "resultDescription", {}, set},
    {"specialization", badges, "specialization"},
    {"tag", schema, "keywords", {}, set},
    {"type", "@type"},
    {"version", badges, "version"},
});

inline constexpr auto common_achievement_subject_terms = std::to_array<Definition>({
    {"activityEndDate", badges, "activityEndDate", https_date},
    {"activityStartDate", badges, "activityStartDate", https_date},
    {"creditsEarned", badges, "creditsEarned", https_float},
    {"id", "@id"},
    {"identifier", badges, "identifier", {}, set},
    {"licenseNumber", badges, "licenseNumber"},
    {"result", badges, "result", {}, set},
    {"role", badges, "role"},
    {"source", badges, "source", by_id},
    {"term", badges, "term"},
    {"type", "@type"},
});

inline constexpr auto common_profile_terms = std::to_array<Definition>({
    {"additionalName", schema, "additionalName"},
    {"address", badges, "address", by_id},
    {"dateOfBirth", badges, "dateOfBirth", https_date},
    {"email", schema, "email"},
    {"familyName", schema, "familyName"},
    {"familyNamePrefix", badges, "familyNamePrefix"},
    {"givenName", schema, "givenName"},
    {"honorificPrefix", schema, "honorificPrefix"},
    {"honorificSuffix", schema, "honorificSuffix"},
    {"id", "@id"},
    {"official", badges, "official"},
    {"otherIdentifier", badges, "otherIdentifier", {}, set},
    {"parentOrg", badges, "parentOrg", by_id},
    {"patronymicName", badges, "patronymicName"},
    {"phone", badges, "phone"},
    {"type", "@type"},
});

inline constexpr auto common_related_terms = std::to_array<Definition>({
    {"id", "@id"},
    {"type", "@type"},
    {"version", badges, "version"},
});

inline constexpr auto common_badge_terms = std::to_array<Definition>({
    {"AchievementCredential", badges, "OpenBadgeCredential"},
    scoped("Address", badges, "Address", address),
    scoped("Alignment", schema, "AlignmentObject", alignment),
    {"Criteria", badges, "Criteria"},
    {"EndorsementCredential", badges, "EndorsementCredential"},
    scoped("EndorsementSubject", badges, "EndorsementSubject", endorsement_subject),
    scoped("Evidence", badges, "Evidence", evidence),
    scoped("GeoCoordinates", badges, "GeoCoordinates", geo_coordinates),
    scoped("IdentifierEntry", badges, "IdentifierEntry", identifier_entry),
    scoped("IdentityObject", badges, "IdentityObject", identity_object),
    scoped("Image", badges, "Image", image),
    {"OpenBadgeCredential", badges, "OpenBadgeCredential"},
    scoped("Result", badges, "Result", result),
    scoped("ResultDescription", badges, "ResultDescription", result_description),
    scoped("RubricCriterionLevel", badges, "RubricCriterionLevel", rubric_criterion_level),
    {"alignment", badges, "alignment", {}, set},
    {"description", schema, "description"},
    {"endorsement", badges, "endorsement", {}, set},
    {"id", "@id"},
    {"name", schema, "name"},
    {"narrative", badges, "narrative"},
    {"type", "@type"},
    {"url", schema, "url", https_any_uri},
});

}  // namespace chancery::rdf::contexts::badge_sheets
