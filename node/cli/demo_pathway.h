// What a learner who does not exist stacks up, for the sandbox: three micro-credentials, the
// certificate that they earn, the diploma that the certificate earns, and the rules of both.
#pragma once

#include <string>
#include <vector>

#include "crypto/json/value.h"
#include "node/cli/demo_badges.h"

namespace chancery::cli {

struct DemoPathway {
    struct File {
        std::string name;  // "component-1.json"
        json::Value document;
    };
    std::vector<File> components;
    File certificate;
    File diploma;
    File certificate_rule;
    File diploma_rule;
};

// Certificate and diploma name what they are made of by its documents, which are to be issued as
// they are, in this order. `valid_from`: unix seconds.
DemoPathway demo_pathway(const DemoIssuer& issuer, std::uint64_t valid_from_s);

}  // namespace chancery::cli
