#include "node/daemon/public_tls.h"

#include <array>
#include <chrono>
#include <cstring>
#include <ctime>

#include "node/local_file.h"

namespace chancery::daemon {
namespace {

constexpr std::size_t pem_bytes_max = 64UL * 1024;
constexpr std::time_t soon_s = 30L * 24 * 60 * 60;

std::string time_text(std::time_t time) {
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

Result<std::unique_ptr<rpc::ServerTls>> read_public_tls(const node::Config& config) {
    if (config.public_certificate.empty()) return std::unique_ptr<rpc::ServerTls>();
    auto certificates = node::read_file(config.public_certificate, pem_bytes_max);
    if (!certificates) return certificates.error();
    auto key = node::read_private_file(config.public_key, pem_bytes_max);
    if (!key) return key.error();
    const rpc::TlsPems pems{*certificates, *key};
    auto tls = rpc::ServerTls::make(pems);
    ::explicit_bzero(key->data(), key->size());
    if (tls) return tls;
    return Error{
        tls.error().code,
        config.public_certificate + " and " + config.public_key + ": " + tls.error().detail};
}

void tell_certificate(node::Diary& diary, const rpc::ServerTls& tls) {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    const bool is_soon = tls.valid_until() - now < soon_s;
    diary.write(is_soon ? node::Level::warning : node::Level::info,
                is_soon ? "certificate ends soon" : "certificate",
                {{"until", time_text(tls.valid_until())}});
}

}  // namespace chancery::daemon
