#include <algorithm>

#include <gtest/gtest.h>

#include "crypto/json/parse.h"
#include "crypto/rdf/active_terms.h"
#include "crypto/rdf/json_ld.h"
#include "crypto/rdf/native_literal.h"
#include "tests/support/example_contexts.h"
#include "tests/support/vectors.h"

namespace chancery::rdf {
namespace {

const std::string v2 = R"("@context": "https://www.w3.org/ns/credentials/v2")";
const std::string badge = R"("@context": ["https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"])";

json::Value parsed(const std::string& text) {
    auto value = json::parse(text);
    EXPECT_TRUE(value) << value.error().detail << " in " << text;
    return value ? *value : json::Value();
}

// The lines that a document says, sorted; or why it says nothing.
std::vector<std::string> said(const std::string& text) {
    const auto dataset = to_dataset(parsed(text), test::contexts_with_examples());
    if (!dataset) return {dataset.error().detail};
    std::vector<std::string> lines;
    for (const Quad& quad : *dataset) {
        std::string line = to_n_quad(quad);
        line.pop_back();
        lines.push_back(line);
    }
    std::ranges::sort(lines);
    return lines;
}

std::string refusal(const std::string& text) {
    const auto dataset = to_dataset(parsed(text));
    return dataset ? "accepted" : dataset.error().detail;
}

std::string object_of(const std::string& members) {
    for (const std::string& line : said("{" + badge + R"(, "id": "urn:x", )" + members + "}"))
        if (line.starts_with("<urn:x> <")) return line.substr(line.find("> ", 8) + 2);
    return {};
}

TEST(JsonLd, TypesBringTheirTermsIntoTheirOwnNodeOnly) {
    const auto lines = said("{" + badge + R"(, "id": "urn:x", "type": "Achievement",
        "tag": ["a", "b"], "criteria": {"narrative": "n"}})");
    const std::vector<std::string> expected = {
        "<urn:x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        " <https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement> .",
        "<urn:x> <https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria> _:b0 .",
        "<urn:x> <https://schema.org/keywords> \"a\" .",
        "<urn:x> <https://schema.org/keywords> \"b\" .",
        "_:b0 <https://purl.imsglobal.org/spec/vc/ob/vocab.html#narrative> \"n\" ."};
    EXPECT_EQ(lines, expected);
    EXPECT_EQ(refusal("{" + badge + R"(, "type": "Achievement", "criteria": {"tag": ["a"]}})"),
              "/criteria/tag: no context defines it");
}

// Keywords and whole IRIs: what a published context leaves to be looked up was looked up.
void expect_whole(const TermSheet& sheet) {
    for (const Definition& definition : sheet.terms) {
        EXPECT_TRUE(definition.base.starts_with('@') || is_absolute_iri(definition.iri()))
            << definition.term;
        if (definition.scope != nullptr) expect_whole(*definition.scope);
    }
}

TEST(JsonLd, EveryTermStandsForAnIri) {
    for (const Context& context : known_contexts())
        expect_whole(*context.sheet);
    EXPECT_EQ(object_of(R"("type": "AchievementCredential")"),
              "<https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential> .");
}

TEST(JsonLd, ValuesAreWhatTheirTermSaysTheyAre) {
    EXPECT_EQ(object_of(R"("name": "N")"), "\"N\" .");
    EXPECT_EQ(object_of(R"("url": "u")"), "\"u\"^^<https://www.w3.org/2001/XMLSchema#anyURI> .");
    EXPECT_EQ(object_of(R"("awardedDate": "2026")"), "\"2026\"^^<xsd:dateTime> .");
    EXPECT_EQ(object_of(R"("name": {"@value": "N", "@language": "DE-at"})"), "\"N\"@de-at .");
    EXPECT_EQ(object_of(R"("name": {"@value": 1.50, "@type": "urn:t"})"), "\"1.5E0\"^^<urn:t> .");
    EXPECT_EQ(object_of(R"("name": true)"),
              "\"true\"^^<http://www.w3.org/2001/XMLSchema#boolean> .");
    EXPECT_EQ(object_of(R"("_sd": {"b": [1.0], "a": null})"),
              R"("{\"a\":null,\"b\":[1]}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .)");
    EXPECT_EQ(object_of(R"("image": {"id": "urn:i"})"), "<urn:i> .");
    EXPECT_EQ(object_of(R"("urn:own-word": "v")"), "\"v\" .");
    EXPECT_EQ(object_of(R"("name": null)"), "");
    EXPECT_EQ(object_of(R"("name": [])"), "");
}

TEST(JsonLd, NumbersAreWrittenAsRdfWritesThem) {
    const std::string_view double_type = "http://www.w3.org/2001/XMLSchema#double";
    const auto text = [](const json::Value& value, std::string_view type) {
        return native_literal(value, type).value;
    };
    EXPECT_EQ(text(5, ""), "5");
    EXPECT_EQ(text(-5, double_type), "-5.0E0");
    EXPECT_EQ(text(json::Value::fraction(2.5), ""), "2.5E0");
    EXPECT_EQ(text(json::Value::fraction(0.1), ""), "1.0E-1");
    EXPECT_EQ(text(json::Value::fraction(1e20), ""), "100000000000000000000");
    EXPECT_EQ(text(json::Value::fraction(1e21), ""), "1.0E21");
    EXPECT_EQ(text(json::Value::fraction(123456.789e-12), ""), "1.23456789E-7");
    EXPECT_EQ(native_literal(json::Value::fraction(2.5), "").datatype, double_type);
    EXPECT_EQ(native_literal(json::Value::fraction(3.0), "").datatype,
              "http://www.w3.org/2001/XMLSchema#integer");
}

TEST(JsonLd, ListsKeepTheirOrder) {
    const auto lines = said("{" + badge + R"(, "id": "urn:x", "type": "ResultDescription",
        "allowedValue": ["A", "B"]})");
    const std::string rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    const std::string allowed = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#allowedValue";
    EXPECT_EQ(lines.size(), 6U);
    EXPECT_TRUE(std::ranges::count(lines, "<urn:x> <" + allowed + "> _:b0 .")) << lines[0];
    EXPECT_TRUE(std::ranges::count(lines, "_:b0 <" + rdf + "first> \"A\" ."));
    EXPECT_TRUE(std::ranges::count(lines, "_:b0 <" + rdf + "rest> _:b1 ."));
    EXPECT_TRUE(std::ranges::count(lines, "_:b1 <" + rdf + "first> \"B\" ."));
    EXPECT_TRUE(std::ranges::count(lines, "_:b1 <" + rdf + "rest> <" + rdf + "nil> ."));
    const auto empty = said("{" + badge + R"(, "id": "urn:x", "type": "ResultDescription",
        "allowedValue": []})");
    EXPECT_TRUE(std::ranges::count(empty, "<urn:x> <" + allowed + "> <" + rdf + "nil> ."));
}

TEST(JsonLd, APresentationsCredentialsAreGraphsOfTheirOwn) {
    const auto lines = said("{" + v2 + R"(, "id": "urn:p", "type": "VerifiablePresentation",
        "verifiableCredential": [{)" +
                            v2 + R"(, "id": "urn:c", "name": "N"}]})");
    EXPECT_TRUE(std::ranges::count(
        lines, "<urn:p> <https://www.w3.org/2018/credentials#verifiableCredential> _:b0 ."))
        << lines[0];
    EXPECT_TRUE(std::ranges::count(lines, "<urn:c> <https://schema.org/name> \"N\" _:b0 ."));
    // Terms from outside are not in force within.
    EXPECT_EQ(refusal("{" + v2 + R"(, "type": "VerifiablePresentation",
        "verifiableCredential": {"name": "N"}})"),
              "/verifiableCredential/name: no context defines it");
}

TEST(JsonLd, WhatMeansNothingIsRefused) {
    const auto with = [](const std::string& members) {
        return refusal("{" + v2 + "," + members + "}");
    };
    EXPECT_EQ(with(R"("colour": 1)"), "/colour: no context defines it");
    EXPECT_EQ(with(R"("type": "Colour")"), "/type: a type that no context defines");
    EXPECT_EQ(with(R"("type": 7)"), "/type: got integer, want string");
    EXPECT_EQ(with(R"("type": ["VerifiableCredential", null])"), "/type: got null, want string");
    EXPECT_EQ(with(R"("id": 7)"), "/id: got integer, want string");
    EXPECT_EQ(with(R"("id": "relative")"),
              "/id: no absolute IRI, and there is nothing that it could be relative to");
    EXPECT_EQ(with(R"("id": "urn:with space")").substr(0, 4), "/id:");
    EXPECT_EQ(with(R"("id": "urn:a> <urn:b> <urn:c> .\n<urn:d")").substr(0, 4), "/id:");
    EXPECT_EQ(with(R"("id": "urn:a", "@id": "urn:b")"), "the document: @id stands there twice");
    EXPECT_EQ(with(R"("kid": "relative")").substr(0, 5), "/kid:");
    EXPECT_EQ(with(R"("urn:bad>word": 1)").substr(0, 14), "/urn:bad>word:");
    for (const std::string keyword :
         {"@graph", "@included", "@index", "@nest", "@reverse", "@version", "@base", "@vocab"})
        EXPECT_EQ(with("\"" + keyword + "\": {}"),
                  "/" + keyword + ": a keyword that is not supported");
}

TEST(JsonLd, ContextsAreThoseThatAreBuiltIn) {
    EXPECT_EQ(refusal("[]"), "the document: got array, want object");
    EXPECT_EQ(refusal(R"({"id": "urn:x"})"), "/id: no context defines it");
    EXPECT_EQ(refusal(R"({"@context": "https://example.edu/mine"})"),
              "/@context: a context that is not built in, and none is fetched");
    EXPECT_EQ(refusal("{" + v2 + R"(, "cnf": {"@context": "https://example.edu/mine"}})"),
              "/cnf/@context: a context that is not built in, and none is fetched");
    EXPECT_EQ(refusal(R"({"@context": {"name": "urn:name"}, "name": "N"})"),
              "/@context: got a context of type object, want the address of one that is built in");
    EXPECT_EQ(refusal(R"({"@context": [null]})"),
              "/@context: got a context of type null, want the address of one that is built in");
    // Of a vocabulary only tests know.
    EXPECT_EQ(
        said(R"({"@context": "https://www.w3.org/ns/credentials/examples/v2", "a": 1})").size(),
        1U);
}

TEST(JsonLd, ProtectedTermsKeepTheirMeaning) {
    EXPECT_EQ(refusal(R"({"@context": ["https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"]})"),
              "/@context: a context gives another meaning to the protected term Achievement");
    EXPECT_EQ(refusal(R"({"@context": ["https://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/v2"]})"),
              "accepted");
    for (const Context& context : known_contexts())
        EXPECT_TRUE(std::ranges::is_sorted(context.sheet->terms, {}, &Definition::term))
            << context.address;
}

TEST(JsonLd, ValueObjectsHaveATypeOrALanguage) {
    const auto name = [](const std::string& value) {
        return refusal("{" + v2 + R"(, "name": )" + value + "}");
    };
    EXPECT_EQ(name(R"({"@value": "N", "@language": "de", "@type": "urn:t"})"),
              "/name: a value has a type or a language, not both");
    EXPECT_EQ(name(R"({"@value": "N", "@direction": "rtl"})"),
              "/name/@direction: of a value only its type or its language is understood");
    EXPECT_EQ(name(R"({"@value": "N", "@type": 7})"),
              "/name/@type: of a value only its type or its language is understood");
    EXPECT_EQ(name(R"({"@value": "N", "@type": "unknown"})"),
              "/name: a datatype that no context defines and that is no absolute IRI");
    EXPECT_EQ(name(R"({"@value": ["N"]})"),
              "/name: got a value of type array, want string, number or boolean");
    for (const std::string tag : {"", "de-", "-de", "d e", "1a", "abcdefghi", "de\\\" ."})
        EXPECT_EQ(name(R"({"@value": "N", "@language": ")" + tag + "\"}"),
                  "/name: want a string and a language tag")
            << tag;
}

TEST(JsonLd, DepthIsLimited) {
    json::Value document = json::Object{{"id", "urn:x"}};
    for (int i = 0; i < 80; ++i)
        document = json::Object{{"urn:p", document}};
    document.set("@context", "https://www.w3.org/ns/credentials/v2");
    const auto dataset = to_dataset(document);
    ASSERT_FALSE(dataset);
    EXPECT_TRUE(dataset.error().detail.ends_with("nested too deep, want at most 64 levels"));
}

}  // namespace
}  // namespace chancery::rdf
