#include "node/cli/toml_file.h"

#include <toml++/toml.h>

#include "node/config.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

constexpr std::size_t bytes_max = 64 * 1024;

std::string place_text(const std::string& path, const toml::source_region& source) {
    return path + ":" + std::to_string(source.begin.line) + ":" +
           std::to_string(source.begin.column);
}

}  // namespace

struct TomlTable::Data {
    std::shared_ptr<const toml::table> file;  // Keeps `table` alive.
    const toml::table* table = nullptr;
    std::string path;
    std::set<std::string, std::less<>> asked;
    std::optional<Error> wrong;
};

bool TomlTable::has(std::string_view name) const {
    data_->asked.emplace(name);
    return data_->table->contains(name);
}

std::string TomlTable::text(const std::string& name) const {
    data_->asked.insert(name);
    const toml::node* node = data_->table->get(name);
    const auto value = node == nullptr ? std::nullopt : node->value_exact<std::string>();
    if (!value && !data_->wrong)
        data_->wrong = Error{Errc::invalid,
                             node == nullptr ? place() + ": " + name + " is missing"
                                             : place_text(data_->path, node->source()) + ": " +
                                                   name + " must be a string"};
    return value.value_or("");
}

std::vector<std::string> TomlTable::texts(const std::string& name) const {
    const toml::node* node = data_->table->get(name);
    const toml::array* array = node == nullptr ? nullptr : node->as_array();
    if (array == nullptr) return {text(name)};
    data_->asked.insert(name);
    std::vector<std::string> found;
    for (const toml::node& element : *array) {
        const auto value = element.value_exact<std::string>();
        if (!value && !data_->wrong)
            data_->wrong = Error{
                Errc::invalid,
                place_text(data_->path, element.source()) + ": " + name + " must hold strings"};
        found.push_back(value.value_or(""));
    }
    return found;
}

std::vector<TomlTable> TomlTable::tables(const std::string& name) const {
    data_->asked.insert(name);
    std::vector<TomlTable> found;
    const toml::node* node = data_->table->get(name);
    const toml::array* array = node == nullptr ? nullptr : node->as_array();
    if (node != nullptr && (array == nullptr || !array->is_array_of_tables())) {
        data_->wrong = Error{Errc::invalid,
                             place_text(data_->path, node->source()) + ": want [[" + name + "]]"};
        return found;
    }
    if (array == nullptr) return found;
    for (const toml::node& element : *array) {
        auto data = std::make_shared<Data>();
        data->file = data_->file;
        data->table = element.as_table();
        data->path = data_->path;
        found.push_back(TomlTable(std::move(data)));
    }
    return found;
}

std::optional<Error> TomlTable::finish() const {
    if (data_->wrong) return data_->wrong;
    const std::vector<std::string> known(data_->asked.begin(), data_->asked.end());
    for (const auto& member : *data_->table) {
        const std::string name(member.first.str());
        if (data_->asked.contains(name)) continue;
        const std::string near = node::nearest(name, known);
        return Error{Errc::invalid,
                     place_text(data_->path, member.second.source()) + ": unknown key " + name +
                         (near.empty() ? "" : ", did you mean \"" + near + "\"?")};
    }
    return std::nullopt;
}

std::string TomlTable::place() const { return place_text(data_->path, data_->table->source()); }

std::string TomlTable::place_of(std::string_view name) const {
    const toml::node* node = data_->table->get(name);
    return node == nullptr ? place() : place_text(data_->path, node->source());
}

Result<TomlFile> TomlFile::read(const std::string& path) {
    const Result<std::string> text = node::read_file(path, bytes_max);
    if (!text) return text.error();
    return parse(*text, path);
}

Result<TomlFile> TomlFile::parse(const std::string& text, const std::string& path) {
    auto data = std::make_shared<TomlTable::Data>();
    try {
        data->file = std::make_shared<const toml::table>(toml::parse(text, path));
    } catch (const toml::parse_error& wrong) {
        return Error{Errc::invalid,
                     place_text(path, wrong.source()) + ": " + std::string(wrong.description())};
    }
    data->table = data->file.get();
    data->path = path;
    return TomlFile(TomlTable(std::move(data)));
}

}  // namespace chancery::cli
