# chancery_embed(<target> <file> <name>): the file's text as std::string_view chancery::rpc::<name>().
function(chancery_embed target file name)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${file})
    file(READ ${PROJECT_SOURCE_DIR}/${file} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," EMBEDDED_BYTES "${hex}")
    set(EMBEDDED_NAME ${name})
    configure_file(${PROJECT_SOURCE_DIR}/cmake/embedded.cpp.in
                   ${PROJECT_BINARY_DIR}/embedded/${name}.cpp @ONLY)
    target_sources(${target} PRIVATE ${PROJECT_BINARY_DIR}/embedded/${name}.cpp)
endfunction()
