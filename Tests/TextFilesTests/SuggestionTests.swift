import Foundation
import Testing
import TextFiles

@Suite struct SuggestionTests {
  let ids = ["tourism_arrivals", "tourism_revenue", "grdp", "fdi_realised", "Quan Sơn"]

  @Test func nearNamesAreFound() {
    #expect(Suggestion.nearest(to: "tourism-arivals", among: ids) == "tourism_arrivals")
    #expect(Suggestion.nearest(to: "GRDP", among: ids) == "grdp")
    #expect(Suggestion.nearest(to: "gdrp", among: ids) == "grdp")
    #expect(Suggestion.nearest(to: "quan son", among: ids) == "Quan Sơn")
    #expect(Suggestion.nearest(to: "QUAN SƠN".decomposedStringWithCanonicalMapping, among: ids) == "Quan Sơn")
    #expect(Suggestion.nearest(to: "fdi_realized", among: ids) == "fdi_realised")
  }

  @Test func farNamesAreNot() {
    #expect(Suggestion.nearest(to: "poverty", among: ids) == nil)
    #expect(Suggestion.nearest(to: "", among: ids) == nil)
    #expect(Suggestion.nearest(to: "x", among: ["y", "z"]) == nil)
    #expect(Suggestion.hint(for: "zzz", among: ["a", "b"]) == "expected one of a, b")
    #expect(Suggestion.hint(for: "zzz", among: [String]()) == nil)
  }

  @Test func distancesAreThoseOfTheLiterature() {
    #expect(Suggestion.distance("kitten", "sitting") == 3)
    #expect(Suggestion.distance("ab", "ba") == 1)
    #expect(Suggestion.distance("", "abc") == 3)
    #expect(Suggestion.distance("ca", "abc") == 3)
    #expect(Suggestion.fold("Đường_Hồ-Chí Minh") == "duonghochiminh")
  }
}
