// Contexts that W3C's vectors use and no credential should: known to tests alone.
#pragma once

#include <vector>

#include "crypto/rdf/term_sheet.h"

namespace chancery::test {

namespace example_contexts {

inline constexpr std::string_view xsd_date_time = "http://www.w3.org/2001/XMLSchema#dateTime";
inline constexpr std::string_view citizenship = "https://w3id.org/citizenship#";
inline constexpr std::string_view schema = "https://schema.org/";

inline constexpr rdf::TermSheet examples{{}, false, "https://www.w3.org/ns/credentials/examples#"};

// Of citizenship's words those that the vector has.
inline constexpr rdf::Definition document_terms[] = {
    {"id", "@id"},
    {"identifier", schema, "identifier"},
    {"lprCategory", citizenship, "lprCategory"},
    {"lprNumber", citizenship, "lprNumber"},
    {"type", "@type"},
};
inline constexpr rdf::TermSheet document{document_terms, true};
inline constexpr rdf::Definition employable_terms[] = {
    {"employmentAuthorizationDocument", citizenship, "employmentAuthorizationDocument", rdf::by_id},
    {"id", "@id"},
    {"residentSince", citizenship, "residentSince", xsd_date_time},
    {"type", "@type"},
};
inline constexpr rdf::TermSheet employable{employable_terms, true};
inline constexpr rdf::Definition person_terms[] = {
    {"additionalName", schema, "additionalName"},
    {"birthCountry", citizenship, "birthCountry"},
    {"birthDate", schema, "birthDate", xsd_date_time},
    {"familyName", schema, "familyName"},
    {"gender", schema, "gender"},
    {"givenName", schema, "givenName"},
    {"id", "@id"},
    {"type", "@type"},
};
inline constexpr rdf::TermSheet person{person_terms, true};
inline constexpr rdf::Definition citizenship_terms[] = {
    scoped("EmployablePerson", citizenship, "EmployablePerson", employable),
    scoped("EmploymentAuthorizationDocument",
           citizenship,
           "EmploymentAuthorizationDocument",
           document),
    {"EmploymentAuthorizationDocumentCredential",
     citizenship,
     "EmploymentAuthorizationDocumentCredential"},
    scoped("Person", schema, "Person", person),
    {"id", "@id"},
    {"image", schema, "image", rdf::by_id},
    {"type", "@type"},
};
inline constexpr rdf::TermSheet citizenship_sheet{citizenship_terms, true};

}  // namespace example_contexts

// Those that are built in, and these.
inline std::vector<rdf::Context> contexts_with_examples() {
    std::vector<rdf::Context> contexts(rdf::known_contexts().begin(), rdf::known_contexts().end());
    contexts.push_back(
        {"https://www.w3.org/ns/credentials/examples/v2", &example_contexts::examples});
    contexts.push_back(
        {"https://w3id.org/citizenship/v4rc1", &example_contexts::citizenship_sheet});
    return contexts;
}

}  // namespace chancery::test
