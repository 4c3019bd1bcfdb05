#include "rpc/client_tls.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

namespace chancery::rpc {
namespace {

constexpr std::array<unsigned char, 9> spoken = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

int descriptor_of(BIO* bio) {
    int descriptor = -1;
    CHECK(BIO_get_fd(bio, &descriptor) >= 0);
    return descriptor;
}

// OpenSSL's own socket would end the program with SIGPIPE when a server hangs up.
int send_quietly(BIO* bio, const char* bytes, int count) {
    BIO_clear_retry_flags(bio);
    const ssize_t sent =
        ::send(descriptor_of(bio), bytes, static_cast<std::size_t>(count), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}

// As OpenSSL's own socket in all but how it writes.
const BIO_METHOD* quiet_socket() {
    static const BIO_METHOD* const method = [] {
        BIO_METHOD* const made =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK | BIO_TYPE_DESCRIPTOR,
                         "socket without signals");
        const BIO_METHOD* const usual = BIO_s_socket();
        CHECK(made != nullptr && BIO_meth_set_write(made, send_quietly) == 1);
        CHECK(BIO_meth_set_read(made, BIO_meth_get_read(usual)) == 1);
        CHECK(BIO_meth_set_ctrl(made, BIO_meth_get_ctrl(usual)) == 1);
        CHECK(BIO_meth_set_create(made, BIO_meth_get_create(usual)) == 1);
        CHECK(BIO_meth_set_destroy(made, BIO_meth_get_destroy(usual)) == 1);
        return made;
    }();
    return method;
}

bool is_address(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

void expect_host(SSL* stream, const std::string& host) {
    X509_VERIFY_PARAM* const wanted = SSL_get0_param(stream);
    if (is_address(host)) {
        CHECK(X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1);
        return;
    }
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    CHECK(X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size()) == 1);
    std::string name = host;  // What SSL_set_tlsext_host_name() stands for takes const away.
    CHECK(SSL_ctrl(stream, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) ==
          1);
}

std::string reason_of_failure(const SSL* stream, int error_of_system) {
    const unsigned long error = ERR_peek_last_error();
    const int reason = ERR_GET_REASON(error);
    const long verified = SSL_get_verify_result(stream);
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
        return std::string("its certificate is not good: ") +
               X509_verify_cert_error_string(verified);
    if (reason == SSL_R_WRONG_VERSION_NUMBER) return "it does not speak TLS; is it http://?";
    if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) return "it cut the connection";
    const char* const words = ERR_reason_error_string(error);
    if (words != nullptr) return std::string("TLS failed: ") + words;
    return error_of_system == 0 ? std::string("it cut the connection")
                                : std::generic_category().message(error_of_system);
}

}  // namespace

ClientTls::ClientTls() : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX* const context = context_.get();
    CHECK(context != nullptr);
    CHECK(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    CHECK(SSL_CTX_set_alpn_protos(context, spoken.data(), spoken.size()) == 0);
}

Result<std::shared_ptr<const ClientTls>> ClientTls::trusting(const std::string& ca_file) {
    // Shared by the clients that believe the same authorities.
    const std::shared_ptr<ClientTls> tls(new ClientTls);
    ERR_clear_error();
    if (ca_file.empty()) {
        if (SSL_CTX_set_default_verify_paths(tls->context_.get()) == 1) return {tls};
        return Error{Errc::io, "this machine's store of authorities is unreadable"};
    }
    std::error_code unreadable;
    if (!std::filesystem::exists(ca_file, unreadable))
        return Error{Errc::not_found, ca_file + ": no such file"};
    if (SSL_CTX_load_verify_file(tls->context_.get(), ca_file.c_str()) == 1) return {tls};
    ERR_clear_error();
    return Error{Errc::invalid, ca_file + ": has no certificate, want PEM"};
}

std::unique_ptr<ClientTlsStream> ClientTls::stream(int descriptor, const std::string& host) const {
    SSL* const stream = SSL_new(context_.get());
    CHECK(stream != nullptr);
    BIO* const socket = BIO_new(quiet_socket());
    CHECK(socket != nullptr);
    BIO_set_fd(socket, descriptor, BIO_NOCLOSE);
    SSL_set_bio(stream, socket, socket);
    SSL_set_connect_state(stream);
    expect_host(stream, host);
    return std::unique_ptr<ClientTlsStream>(new ClientTlsStream(stream));
}

TlsStep ClientTlsStream::step_of(int returned, std::size_t bytes) {
    const int error_of_system = errno;
    const auto plain = [](TlsStep::Outcome outcome) {
        TlsStep step;
        step.outcome = outcome;
        return step;
    };
    switch (SSL_get_error(stream_.get(), returned)) {
        case SSL_ERROR_NONE: {
            TlsStep done = plain(TlsStep::Outcome::done);
            done.bytes = bytes;
            return done;
        }
        case SSL_ERROR_WANT_READ:
            return plain(TlsStep::Outcome::wants_input);
        case SSL_ERROR_WANT_WRITE:
            return plain(TlsStep::Outcome::wants_output);
        case SSL_ERROR_ZERO_RETURN:
            return plain(TlsStep::Outcome::ended);
        default: {
            TlsStep failed;
            failed.why = reason_of_failure(stream_.get(), error_of_system);
            return failed;
        }
    }
}

TlsStep ClientTlsStream::shake_hands() {
    ERR_clear_error();
    return step_of(SSL_do_handshake(stream_.get()), 0);
}

TlsStep ClientTlsStream::read(char* into, std::size_t bytes_max) {
    ERR_clear_error();
    std::size_t bytes = 0;
    const int returned = SSL_read_ex(stream_.get(), into, bytes_max, &bytes);
    return step_of(returned, bytes);
}

TlsStep ClientTlsStream::write(std::string_view bytes) {
    ERR_clear_error();
    std::size_t written = 0;
    const int returned = SSL_write_ex(stream_.get(), bytes.data(), bytes.size(), &written);
    return step_of(returned, written);
}

}  // namespace chancery::rpc
