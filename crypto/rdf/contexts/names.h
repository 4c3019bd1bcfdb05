// Beginnings of the names that contexts give meanings to, and datatypes.
#pragma once

#include <string_view>

namespace chancery::rdf::names {

inline constexpr std::string_view credentials = "https://www.w3.org/2018/credentials#";
inline constexpr std::string_view status = "https://www.w3.org/ns/credentials/status#";
inline constexpr std::string_view security = "https://w3id.org/security#";
inline constexpr std::string_view schema = "https://schema.org/";
inline constexpr std::string_view badges = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
inline constexpr std::string_view blockcerts = "https://w3id.org/blockcerts#";
inline constexpr std::string_view jwt = "https://www.iana.org/assignments/jwt#";
inline constexpr std::string_view jose = "https://www.iana.org/assignments/jose#";
inline constexpr std::string_view dublin_core = "http://purl.org/dc/terms/";

inline constexpr std::string_view multibase = "https://w3id.org/security#multibase";
inline constexpr std::string_view cryptosuite_string =
    "https://w3id.org/security#cryptosuiteString";
inline constexpr std::string_view sri_string = "https://www.w3.org/2018/credentials#sriString";
inline constexpr std::string_view xsd_date_time = "http://www.w3.org/2001/XMLSchema#dateTime";
// XML Schema's names begin with http; these contexts write them so, and so they are signed.
inline constexpr std::string_view https_any_uri = "https://www.w3.org/2001/XMLSchema#anyURI";
inline constexpr std::string_view https_boolean = "https://www.w3.org/2001/XMLSchema#boolean";
inline constexpr std::string_view https_date = "https://www.w3.org/2001/XMLSchema#date";
inline constexpr std::string_view https_float = "https://www.w3.org/2001/XMLSchema#float";
inline constexpr std::string_view https_integer = "https://www.w3.org/2001/XMLSchema#integer";
inline constexpr std::string_view https_non_negative =
    "https://www.w3.org/2001/XMLSchema#nonNegativeInteger";
// Of a prefix that the context forgot to define, hence a name by itself.
inline constexpr std::string_view bare_date_time = "xsd:dateTime";

}  // namespace chancery::rdf::names
