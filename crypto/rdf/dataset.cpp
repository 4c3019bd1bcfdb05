#include "crypto/rdf/dataset.h"

#include <algorithm>

#include "crypto/base/ascii.h"

namespace chancery::rdf {
namespace {

bool breaks_an_iri(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || c == '<' || c == '>' || c == '\\';
}

bool is_tag_character(char c) { return is_letter(c) || is_digit(c) || c == '-'; }

Result<void> check_iri(std::string_view iri, std::string_view place) {
    if (iri.empty()) return invalid_at(place, "an empty IRI");
    if (std::ranges::any_of(iri, breaks_an_iri)) {
        return invalid_at(place, "an IRI with a space, a control character, '<', '>' or '\\'");
    }
    return {};
}

Result<void> check_literal(const Term& literal) {
    if (literal.datatype == rdf_lang_string) {
        const std::string& tag = literal.language;
        if (tag.empty() || !std::ranges::all_of(tag, is_tag_character)) {
            return invalid_at("object", "language tag '" + tag + "' of an rdf:langString");
        }
        return {};
    }
    if (!literal.language.empty()) {
        return invalid_at("object", "language tag on a literal that is no rdf:langString");
    }
    return check_iri(literal.datatype, "datatype");
}

Result<void> check_name(const Term& term, std::string_view place) {
    if (term.kind == Term::Kind::literal) return invalid_at(place, "a literal, want a name");
    if (term.kind == Term::Kind::blank) return {};
    return check_iri(term.value, place);
}

// Bytes that are, or in UTF-8 begin, what is escaped: U+FFFE and U+FFFF are EF BF BE and EF BF BF.
bool may_begin_an_escape(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || c == '"' || c == '\\' || byte == 0x7f || byte == 0xef;
}

void append_u(unsigned code_point, std::string& out) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    out += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U})
        out += digits[code_point >> shift & 15U];
}

// Takes the first character off `text`, or its first byte where more cannot need an escape.
void append_first(std::string_view& text, std::string& out) {
    constexpr std::string_view escaped = "\b\t\n\f\r\"\\";
    constexpr std::string_view letters = "btnfr\"\\";
    const char first = text.front();
    if (text.starts_with("\xef\xbf\xbe") || text.starts_with("\xef\xbf\xbf")) {
        append_u(text[2] == '\xbe' ? 0xfffe : 0xffff, out);
        text.remove_prefix(3);
        return;
    }
    text.remove_prefix(1);
    if (const std::size_t at = escaped.find(first); at != std::string_view::npos) {
        out += '\\';
        out += letters[at];
    } else if (first == '\xef') {
        out += first;
    } else {
        append_u(static_cast<unsigned char>(first), out);
    }
}

void append_escaped(std::string_view text, std::string& out) {
    while (!text.empty()) {
        const auto plain = static_cast<std::size_t>(
            std::ranges::find_if(text, may_begin_an_escape) - text.begin());
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (!text.empty()) append_first(text, out);
    }
}

}  // namespace

Result<void> check_quad(const Quad& quad) {
    if (auto fit = check_name(quad.subject, "subject"); !fit) return fit;
    if (quad.predicate.kind != Term::Kind::iri) {
        return invalid_at("predicate", "a blank node or literal, want an IRI");
    }
    if (auto fit = check_iri(quad.predicate.value, "predicate"); !fit) return fit;
    if (quad.graph) {
        if (auto fit = check_name(*quad.graph, "graph"); !fit) return fit;
    }
    if (quad.object.kind == Term::Kind::literal) return check_literal(quad.object);
    return check_name(quad.object, "object");
}

void append_term(const Term& term, std::string& out) {
    if (term.kind == Term::Kind::iri) {
        out += '<';
        out += term.value;
        out += '>';
        return;
    }
    if (term.kind == Term::Kind::blank) {
        out += "_:";
        out += term.value;
        return;
    }
    out += '"';
    append_escaped(term.value, out);
    out += '"';
    if (!term.language.empty()) {
        out += '@';
        out += term.language;
    } else if (term.datatype != xsd_string) {
        out += "^^<";
        out += term.datatype;
        out += '>';
    }
}

std::string to_n_quad(const Quad& quad) {
    std::string line;
    append_term(quad.subject, line);
    line += ' ';
    append_term(quad.predicate, line);
    line += ' ';
    append_term(quad.object, line);
    if (quad.graph) {
        line += ' ';
        append_term(*quad.graph, line);
    }
    line += " .\n";
    return line;
}

}  // namespace chancery::rdf
