#include "crypto/badge/lint.h"

#include "crypto/badge/eu_micro.h"
#include "crypto/badge/open_badge.h"
#include "crypto/badge/privacy.h"
#include "crypto/badge/quality.h"

namespace chancery::badge {

std::set<Profile> profiles_for(const json::Value& document) {
    std::set<Profile> profiles = {Profile::ob3, Profile::privacy, Profile::quality};
    if (is_micro_credential(document)) profiles.insert(Profile::eu_micro);
    return profiles;
}

std::vector<Finding> lint(const json::Value& document, const std::set<Profile>& profiles) {
    Findings findings;
    if (profiles.contains(Profile::ob3)) {
        check_open_badge(document, findings);
        check_meaning(document, findings);
    }
    if (profiles.contains(Profile::eu_micro)) check_eu_micro(document, findings);
    if (profiles.contains(Profile::privacy)) check_privacy(document, findings);
    if (profiles.contains(Profile::quality)) check_quality(document, findings);
    return findings.take();
}

}  // namespace chancery::badge
