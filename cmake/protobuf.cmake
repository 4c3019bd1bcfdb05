# chancery_protobuf(<target> <file>.proto): Protobuf's classes for it, as <file>.pb.h. Made when
# configuring, so that tools that only read find them; not ours, so without our warnings and rooms.
function(chancery_protobuf target file)
    set(made ${PROJECT_BINARY_DIR}/proto)
    cmake_path(REPLACE_EXTENSION file .pb.cc OUTPUT_VARIABLE source)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${file})
    file(MAKE_DIRECTORY ${made})
    execute_process(
        COMMAND ${Protobuf_PROTOC_EXECUTABLE} --proto_path=${PROJECT_SOURCE_DIR} --cpp_out=${made} ${file}
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} COMMAND_ERROR_IS_FATAL ANY)
    add_library(${target} STATIC ${made}/${source})
    set_target_properties(${target} PROPERTIES UNITY_BUILD OFF CXX_CLANG_TIDY "")
    target_include_directories(${target} SYSTEM PUBLIC ${made})
    target_link_libraries(${target} PUBLIC protobuf::libprotobuf)
endfunction()
