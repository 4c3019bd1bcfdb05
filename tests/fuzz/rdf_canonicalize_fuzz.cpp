// A small dataset out of the bytes, three of them a quad: its canonical form is the same with
// other labels and in another order, and names what the labels it gives say.
#include <algorithm>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/rdf/canonicalize.h"

using namespace chancery;
using namespace chancery::rdf;

namespace {

constexpr std::size_t nodes_max = 5;
constexpr std::size_t quads_max = 24;

Term name(Term::Kind kind, std::string value) { return {kind, std::move(value), {}, {}}; }

std::string label(std::size_t node, bool is_disguised) {
    return is_disguised ? "c14n" + std::to_string(nodes_max - node) : "n" + std::to_string(node);
}

// The low half names a node, an IRI or a literal; the literal is the byte itself, if one may stand.
Term term(std::uint8_t byte, bool may_be_literal, bool is_disguised) {
    const std::size_t choice = byte % 8;
    if (choice < nodes_max) return name(Term::Kind::blank, label(choice, is_disguised));
    if (choice < 7 || !may_be_literal)
        return name(Term::Kind::iri, "urn:" + std::to_string(choice));
    return {
        Term::Kind::literal, std::string(1, static_cast<char>(byte)), std::string(xsd_string), {}};
}

Dataset dataset_of(ByteView bytes, bool is_disguised) {
    Dataset dataset;
    for (; bytes.size() >= 3 && dataset.size() < quads_max; bytes = bytes.subspan(3)) {
        const std::uint8_t rest = bytes[2];
        Quad quad{term(bytes[0], false, is_disguised),
                  name(Term::Kind::iri, rest % 2 == 0 ? "urn:p" : "urn:q"),
                  term(bytes[1], true, is_disguised),
                  {}};
        if (rest % 16 >= 12) quad.graph = term(rest / 16, false, is_disguised);
        dataset.push_back(std::move(quad));
    }
    if (is_disguised) std::ranges::reverse(dataset);
    return dataset;
}

std::string written_with(const std::map<std::string, std::string>& labels, Dataset dataset) {
    std::vector<std::string> lines;
    const auto rename = [&labels](Term& term) {
        if (term.kind == Term::Kind::blank) term.value = labels.at(term.value);
    };
    for (Quad& quad : dataset) {
        rename(quad.subject);
        rename(quad.object);
        if (quad.graph) rename(*quad.graph);
        lines.push_back(to_n_quad(quad));
    }
    std::ranges::sort(lines);
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    std::string text;
    for (const std::string& line : lines)
        text += line;
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Dataset plain = dataset_of({data, size}, false);
    const Dataset disguised = dataset_of({data, size}, true);
    const auto one = canonicalize(plain);
    const auto other = canonicalize(disguised);
    // Limits count the paths that were tried, and labels say which of them is tried first.
    if (!one || !other) return 0;
    CHECK(one->n_quads == other->n_quads);
    CHECK(one->n_quads == written_with(one->issued, plain));
    CHECK(one->n_quads == written_with(other->issued, disguised));
    return 0;
}
