import Testing
@Test("a") func a() {}
