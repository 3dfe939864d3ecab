// A library of one function that needs another library of one function: what dynamic_library.cpp opens. Must
// not know who opens it.
extern "C" int moat_fake_needed();

#ifdef MOAT_FAKE_NEEDED
int moat_fake_needed() {
  return 40;
}
#else
extern "C" int moat_fake_value();
int moat_fake_value() {
  return moat_fake_needed() + MOAT_FAKE_VALUE;
}
#endif
