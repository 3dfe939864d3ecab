// Which inputs a result must stand before it is accepted.
#include "bench/measure/acceptance.h"

#include "tests/catch.h"

using namespace moat;

namespace {

Verdict correct(double false_acceptance) {
  Verdict verdict;
  verdict.correct = true;
  verdict.false_acceptance = false_acceptance;
  return verdict;
}

const std::unique_ptr<const Problem> gemm = parse_problem("gemm:m=2,n=2,k=4");

}  // namespace

TEST_CASE("a verdict that leaves no doubt needs no further inputs") {
  const auto never = [](const InputArrays&) -> Verdict { throw std::logic_error("asked"); };
  const Acceptance acceptance = accept(*gemm, Data::normal, 1, correct(1e-6), never);
  CHECK(acceptance.tried == 0);
  CHECK_FALSE(acceptance.is_refused);
  CHECK(acceptance.false_acceptance == 1e-6);
}

TEST_CASE("doubt is multiplied by that of further inputs until it is small, eight times at most") {
  std::vector<InputArrays> given;
  const auto tried = [&](double doubt) {
    given.clear();
    return accept(*gemm, Data::normal, 1, correct(0.5), [&](const InputArrays& inputs) {
      given.push_back(inputs);
      return correct(doubt);
    });
  };
  CHECK(tried(1e-3).false_acceptance == Approx(0.5e-6));
  CHECK(given.size() == 2);
  CHECK(given[0] == gemm->exact_inputs(1));
  CHECK(given[1] == gemm->exact_inputs(2));
  CHECK(tried(0.9).false_acceptance == Approx(0.5 * std::pow(0.9, 8)));
  CHECK(given.size() == 8);
}

TEST_CASE("a problem without exact inputs stays in doubt") {
  const auto peak = parse_problem("peak:chains=64,steps=8");
  const auto never = [](const InputArrays&) -> Verdict { throw std::logic_error("asked"); };
  CHECK(accept(*peak, Data::normal, 1, correct(0.5), never).false_acceptance == 0.5);
}

TEST_CASE("data of which every result is right proves nothing: normal data decides") {
  std::vector<InputArrays> given;
  const Acceptance acceptance = accept(*gemm, Data::zeros, 3, correct(0), [&](const InputArrays& inputs) {
    given.push_back(inputs);
    return correct(1e-7);
  });
  CHECK(acceptance.false_acceptance == 1e-7);
  REQUIRE(given.size() == 1);
  CHECK(given[0] == filled(*gemm, Data::normal, 3));
}

TEST_CASE("the first inputs with wrong outputs refuse the result, and are named") {
  Verdict wrong;
  wrong.reason = "beyond";
  const auto refuse = [&](const InputArrays&) { return wrong; };
  const Acceptance whole = accept(*gemm, Data::normal, 1, correct(0.5), refuse);
  CHECK(whole.is_refused);
  CHECK(whole.tried == 1);
  CHECK(whole.refused == wrong);
  CHECK(whole.inputs == "whole numbers");
  CHECK(accept(*gemm, Data::ones, 1, correct(0), refuse).inputs == "normal data");
}
