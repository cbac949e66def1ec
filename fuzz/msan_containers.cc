// What std::map and std::list keep in functions that are not templates. The C++ library is not
// compiled with MemorySanitizer, so what these write into new nodes, the links, would count as
// never written. They stand in the place of the library's.

#include <dlfcn.h>
#include <sanitizer/msan_interface.h>

#include <list>
#include <map>

namespace std {

// The library's does the work.
void _Rb_tree_insert_and_rebalance(const bool left, _Rb_tree_node_base* node,
                                   _Rb_tree_node_base* parent,
                                   _Rb_tree_node_base& header) noexcept {
  using Insert = void (*)(bool, _Rb_tree_node_base*, _Rb_tree_node_base*, _Rb_tree_node_base&);
  static const auto insert = reinterpret_cast<Insert>(
      dlsym(RTLD_NEXT, "_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_"));
  insert(left, node, parent, header);
  __msan_unpoison(node, sizeof(*node));
}

namespace __detail {

void _List_node_base::_M_hook(_List_node_base* next) noexcept {
  _M_next = next;
  _M_prev = next->_M_prev;
  next->_M_prev->_M_next = this;
  next->_M_prev = this;
}

}  // namespace __detail
}  // namespace std
