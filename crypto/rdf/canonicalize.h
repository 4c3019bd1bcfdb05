// RDFC-1.0: the one form of a dataset, whatever its blank nodes were called. What eddsa-rdfc-2022
// and ecdsa-rdfc-2019 sign.
//
// Source: W3C "RDF Dataset Canonicalization" (Recommendation of 21 May 2024), §4.4 to §4.8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "crypto/base/result.h"
#include "crypto/rdf/dataset.h"

namespace chancery::rdf {

// SHA-256, except where a suite asks for SHA-384 (ecdsa-rdfc-2019 with P-384).
enum class CanonicalHash : std::uint8_t { sha256, sha384 };

struct CanonicalLimits {
    std::size_t quads = 100'000;
    // Of Hash N-Degree Quads and of the permutations it tries: blank nodes that are alike make it
    // grow without end (§7.1, poison graphs). Far above what credentials need.
    std::size_t n_degree_calls = 4'000;
    // Quads and neighbours that those calls look at, together: a node of which very much is said
    // makes each of them long.
    std::size_t n_degree_mentions = 250'000;
};

struct Canonical {
    std::string n_quads;                        // Sorted, each line once.
    std::map<std::string, std::string> issued;  // The blank nodes' labels to their canonical ones.
};

// Errc::invalid, with the limit, if the dataset is beyond `limits`, or if check_quad() refuses a
// quad. Costs one hash a blank node where blank nodes differ by what is said of them.
Result<Canonical> canonicalize(const Dataset& dataset,
                               CanonicalHash hash = CanonicalHash::sha256,
                               const CanonicalLimits& limits = {});

}  // namespace chancery::rdf
