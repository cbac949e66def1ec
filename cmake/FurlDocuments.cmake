# furl_documents(PROGRAM SOURCE LIBRARY COMPONENT)
#
# Man pages and shell completions of PROGRAM, which the program of SOURCE writes from the option
# table in LIBRARY (src/document), built and installed with it. They lie in documents/ of the build.

set(FURL_ZSH_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING
    "Where zsh looks for completions")

# Of the configuration; SOURCE_DATE_EPOCH makes it another.
string(TIMESTAMP FURL_MANUAL_DATE "%Y-%m-%d" UTC)

function(furl_documents program source library component)
  set(writer ${program}-document)
  set(folder ${CMAKE_BINARY_DIR}/documents/${program})
  add_executable(${writer} ${source})
  target_link_libraries(${writer} PRIVATE ${library} furl_document)
  target_compile_definitions(${writer} PRIVATE FURL_VERSION="${PROJECT_VERSION}")
  add_custom_command(OUTPUT ${folder}.stamp
                     COMMAND ${CMAKE_COMMAND} -E rm -rf ${folder}
                     COMMAND ${writer} ${folder} ${FURL_MANUAL_DATE}
                     COMMAND ${CMAKE_COMMAND} -E touch ${folder}.stamp
                     DEPENDS ${writer} COMMENT "Man pages and completions of ${program}" VERBATIM)
  add_custom_target(${program}-documents ALL DEPENDS ${folder}.stamp)
  install(DIRECTORY ${folder}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT ${component})
  set(completions ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
      ${FURL_ZSH_DIR} ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
  set(shells bash zsh fish)
  foreach(shell place IN ZIP_LISTS shells completions)
    install(DIRECTORY ${folder}/completions/${shell}/ DESTINATION ${place} COMPONENT ${component})
  endforeach()
endfunction()
