#include <array>

#include "crypto/badge/open_badge.h"

namespace chancery::badge {
namespace {

using enum Kind;
constexpr Count one_only = Count::one;
constexpr Count array_of = Count::array;
constexpr Count one_or_array = Count::one_or_array;

constexpr auto achievement_types = std::to_array<std::string_view>({
    "Achievement",
    "ApprenticeshipCertificate",
    "Assessment",
    "Assignment",
    "AssociateDegree",
    "Award",
    "BachelorDegree",
    "Badge",
    "Certificate",
    "CertificateOfCompletion",
    "Certification",
    "CoCurricular",
    "CommunityService",
    "Competency",
    "Course",
    "Degree",
    "Diploma",
    "DoctoralDegree",
    "Fieldwork",
    "GeneralEducationDevelopment",
    "JourneymanCertificate",
    "LearningProgram",
    "License",
    "MasterCertificate",
    "MasterDegree",
    "Membership",
    "MicroCredential",
    "ProfessionalDoctorate",
    "QualityAssuranceCredential",
    "ResearchDoctorate",
    "SecondarySchoolDiploma",
});
constexpr auto target_types = std::to_array<std::string_view>({
    "CFItem",
    "CFRubric",
    "CFRubricCriterion",
    "CFRubricCriterionLevel",
    "CTDL",
    "ceasn:Competency",
    "ceterms:Credential",
});
constexpr auto result_types = std::to_array<std::string_view>({
    "GradePointAverage",
    "LetterGrade",
    "Percent",
    "PerformanceLevel",
    "PredictedScore",
    "RawScore",
    "Result",
    "RubricCriterion",
    "RubricCriterionLevel",
    "RubricScore",
    "ScaledScore",
    "Status",
});
constexpr auto result_statuses = std::to_array<std::string_view>({
    "Completed",
    "Enrolled",
    "Failed",
    "InProgress",
    "OnHold",
    "Provisional",
    "Withdrew",
});
constexpr auto identifier_types = std::to_array<std::string_view>({
    "accountId",
    "emailAddress",
    "identifier",
    "isbn",
    "issn",
    "lisSourcedId",
    "ltiContextId",
    "ltiDeploymentId",
    "ltiPlatformId",
    "ltiToolId",
    "ltiUserId",
    "name",
    "nationalIdentityNumber",
    "oneRosterSourcedId",
    "productId",
    "sisSourcedId",
    "sourcedId",
    "systemId",
    "userName",
});
constexpr auto status_purposes =
    std::to_array<std::string_view>({"message", "refresh", "revocation", "suspension"});
constexpr auto proof_purposes = std::to_array<std::string_view>({"assertionMethod"});

constexpr auto image_fields = std::to_array<Field>({
    {"id", uri, one_only, true},
    {"caption", text},
});
constexpr Shape image_shape{"Image", image_fields};

constexpr auto geo_fields = std::to_array<Field>({
    {"latitude", number, one_only, true},
    {"longitude", number, one_only, true},
});
constexpr Shape geo_shape{"GeoCoordinates", geo_fields};

constexpr auto address_fields = std::to_array<Field>({
    {"addressCountry", text},
    {"addressCountryCode", country},
    {"addressRegion", text},
    {"addressLocality", text},
    {"streetAddress", text},
    {"postOfficeBoxNumber", text},
    {"postalCode", text},
    {"geo", object, one_only, false, &geo_shape},
});
constexpr Shape address_shape{"Address", address_fields};

constexpr auto identifier_entry_fields = std::to_array<Field>({
    {"identifier", text, one_only, true},
    {"identifierType", open_word, one_only, true, nullptr, identifier_types},
});
constexpr Shape identifier_entry_shape{"IdentifierEntry", identifier_entry_fields};

extern const Shape profile_shape;

constexpr auto endorsement_subject_fields = std::to_array<Field>({
    {"id", uri, one_only, true},
    {"endorsementComment", text},
});
constexpr Shape endorsement_subject_shape{"EndorsementSubject", endorsement_subject_fields};

constexpr auto endorsement_fields = std::to_array<Field>({
    {"@context", uri, array_of, true},
    {"id", uri, one_only, true},
    {"issuer", uri_or_object, one_only, true, &profile_shape},
    {"validFrom", date_time, one_only, true},
    {"validUntil", date_time},
    {"credentialSubject", object, one_only, true, &endorsement_subject_shape},
});
constexpr Shape endorsement_shape{"EndorsementCredential", endorsement_fields};

constexpr auto profile_fields = std::to_array<Field>({
    {"id", uri, one_only, true},
    {"name", text},
    {"url", uri},
    {"phone", text},
    {"email", text},
    {"description", text},
    {"official", text},
    {"image", object, one_only, false, &image_shape},
    {"address", object, one_only, false, &address_shape},
    {"otherIdentifier", object, array_of, false, &identifier_entry_shape},
    {"parentOrg", object, one_only, false, &profile_shape},
    {"endorsement", object, array_of, false, &endorsement_shape},
    {"endorsementJwt", text, array_of},
});
constinit const Shape profile_shape{"Profile", profile_fields};

constexpr auto alignment_fields = std::to_array<Field>({
    {"targetName", text, one_only, true},
    {"targetUrl", uri, one_only, true},
    {"targetCode", text},
    {"targetDescription", text},
    {"targetFramework", text},
    {"targetType", open_word, one_only, false, nullptr, target_types},
});
constexpr Shape alignment_shape{"Alignment", alignment_fields};

constexpr auto rubric_fields = std::to_array<Field>({
    {"id", uri, one_only, true},
    {"name", text, one_only, true},
    {"description", text},
    {"level", text},
    {"points", text},
    {"alignment", object, array_of, false, &alignment_shape},
});
constexpr Shape rubric_shape{"RubricCriterionLevel", rubric_fields};

constexpr auto result_description_fields = std::to_array<Field>({
    {"id", uri, one_only, true},
    {"name", text, one_only, true},
    {"resultType", open_word, one_only, true, nullptr, result_types},
    {"allowedValue", text, array_of},
    {"requiredLevel", uri},
    {"requiredValue", text},
    {"valueMax", text},
    {"valueMin", text},
    {"rubricCriterionLevel", object, array_of, false, &rubric_shape},
    {"alignment", object, array_of, false, &alignment_shape},
});
constexpr Shape result_description_shape{"ResultDescription", result_description_fields};

constexpr auto result_fields = std::to_array<Field>({
    {"achievedLevel", uri},
    {"resultDescription", uri},
    {"status", word, one_only, false, nullptr, result_statuses},
    {"value", text},
    {"alignment", object, array_of, false, &alignment_shape},
});
constexpr Shape result_shape{"Result", result_fields};

constexpr auto related_fields = std::to_array<Field>({
    {"id", uri, one_only, true},
    {"inLanguage", language},
    {"version", text},
});
constexpr Shape related_shape{"Related", related_fields};

constexpr auto criteria_fields = std::to_array<Field>({
    {"id", uri},
    {"narrative", text},
});
constexpr Shape criteria_shape{"Criteria", criteria_fields, true};

constexpr auto achievement_fields = std::to_array<Field>({
    {"id", uri, one_only, true},
    {"name", text, one_only, true},
    {"description", text, one_only, true},
    {"criteria", object, one_only, true, &criteria_shape},
    {"achievementType", open_word, one_only, false, nullptr, achievement_types},
    {"alignment", object, array_of, false, &alignment_shape},
    {"creator", object, one_only, false, &profile_shape},
    {"creditsAvailable", number},
    {"endorsement", object, array_of, false, &endorsement_shape},
    {"endorsementJwt", text, array_of},
    {"fieldOfStudy", text},
    {"humanCode", text},
    {"image", object, one_only, false, &image_shape},
    {"inLanguage", language},
    {"otherIdentifier", object, array_of, false, &identifier_entry_shape},
    {"related", object, array_of, false, &related_shape},
    {"resultDescription", object, array_of, false, &result_description_shape},
    {"specialization", text},
    {"tag", text, array_of},
    {"version", text},
});
constexpr Shape achievement_shape{"Achievement", achievement_fields};

constexpr auto identity_fields = std::to_array<Field>({
    {"hashed", boolean, one_only, true},
    {"identityHash", text, one_only, true},
    {"identityType", open_word, one_only, true, nullptr, identifier_types},
    {"salt", text},
});
constexpr Shape identity_shape{"IdentityObject", identity_fields};

constexpr auto subject_fields = std::to_array<Field>({
    {"id", uri},
    {"achievement", object, one_only, true, &achievement_shape},
    {"identifier", object, array_of, false, &identity_shape},
    {"activityEndDate", date_time},
    {"activityStartDate", date_time},
    {"creditsEarned", number},
    {"image", object, one_only, false, &image_shape},
    {"licenseNumber", text},
    {"narrative", text},
    {"result", object, array_of, false, &result_shape},
    {"role", text},
    {"source", object, one_only, false, &profile_shape},
    {"term", text},
});
constexpr Shape subject_shape{"AchievementSubject", subject_fields};

constexpr auto evidence_fields = std::to_array<Field>({
    {"id", uri},
    {"name", text},
    {"description", text},
    {"narrative", text},
    {"genre", text},
    {"audience", text},
});
constexpr Shape evidence_shape{"Evidence", evidence_fields};

// Of any type, which is asked for: schemas, statuses, ways to refresh, terms of use.
constexpr auto pointer_fields = std::to_array<Field>({
    {"id", uri, one_only, true},
    {"type", text, one_or_array, true},
});
constexpr Shape pointer_shape{"", pointer_fields};
constexpr auto typed_fields = std::to_array<Field>({
    {"id", uri},
    {"type", text, one_or_array, true},
});
constexpr Shape typed_shape{"", typed_fields};

constexpr auto status_entry_fields = std::to_array<Field>({
    {"statusPurpose", word, one_only, true, nullptr, status_purposes},
    {"statusListIndex", text, one_only, true},
    {"statusListCredential", uri, one_only, true},
});

constexpr auto proof_fields = std::to_array<Field>({
    {"type", text, one_only, true},
    {"created", date_time},
    {"proofPurpose", word, one_only, true, nullptr, proof_purposes},
    {"proofValue", text, one_only, true},
    {"verificationMethod", uri, one_only, true},
});
constexpr Shape proof_shape{"", proof_fields};

constexpr auto open_badge_fields = std::to_array<Field>({
    {"id", uri, one_only, true},
    {"issuer", uri_or_object, one_only, true, &profile_shape},
    {"validFrom", date_time, one_only, true},
    {"credentialSubject", object, one_only, true, &subject_shape},
    {"name", text},
    {"description", text},
    {"validUntil", date_time},
    {"awardedDate", date_time},
    {"image", object, one_only, false, &image_shape},
    {"evidence", object, array_of, false, &evidence_shape},
    {"endorsement", object, array_of, false, &endorsement_shape},
    {"endorsementJwt", text, array_of},
    {"credentialSchema", object, array_of, false, &pointer_shape},
    {"credentialStatus", object, one_or_array, false, &typed_shape},
    {"refreshService", object, one_or_array, false, &typed_shape},
    {"termsOfUse", object, one_or_array, false, &typed_shape},
    {"proof", object, one_or_array, false, &proof_shape},
});

}  // namespace

constinit const Shape open_badge_shape{"VerifiableCredential", open_badge_fields};
constinit const Shape status_entry_shape{status_entry_type, status_entry_fields};

}  // namespace chancery::badge
