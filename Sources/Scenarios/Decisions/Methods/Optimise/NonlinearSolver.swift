import CNLopt

/// NLopt's local methods for a function of the unit cube under conditions, without derivatives.
///
/// COBYLA (Powell 1994) moves a simplex in which objective and conditions are taken as straight, inside a trust
/// region; BOBYQA (Powell 2009) does so with a quadratic and knows no conditions. Both are deterministic and take
/// kinks well, such as those of quantiles, saturating effects and costs that fall to either side. A value that is not
/// finite counts as very bad.
///
/// Source: Johnson, The NLopt nonlinear-optimization package.
struct NonlinearSolver {
  /// Made as large as possible.
  let objective: ([Double]) -> Double
  /// Conditions, met where a value is not negative; all at once, since they share their work.
  let conditions: ([Double]) -> [Double]
  let conditionCount: Int
  let dimension: Int

  struct Limits {
    var firstStep = 0.25
    /// Ends with steps of this share of the cube.
    var finestStep = 1e-7
    var evaluations = 400
  }

  /// The best point found from `start`; a method that fails leaves the start.
  func maximize(from start: [Double], _ limits: Limits = Limits()) -> [Double] {
    let algorithm = conditionCount > 0 || dimension < 2 ? NLOPT_LN_COBYLA : NLOPT_LN_BOBYQA
    guard let optimizer = nlopt_create(algorithm, UInt32(dimension)) else { return start }
    defer { nlopt_destroy(optimizer) }
    let call = Call(self)
    let context = Unmanaged.passUnretained(call).toOpaque()
    nlopt_set_lower_bounds1(optimizer, 0)
    nlopt_set_upper_bounds1(optimizer, 1)
    nlopt_set_min_objective(optimizer, NonlinearSolver.objectiveCallback, context)
    if conditionCount > 0 {
      // NLopt's conditions are met where they are not positive.
      nlopt_add_inequality_mconstraint(
        optimizer, UInt32(conditionCount), NonlinearSolver.conditionCallback, context,
        [Double](repeating: 0, count: conditionCount))
    }
    nlopt_set_initial_step1(optimizer, limits.firstStep)
    nlopt_set_xtol_abs1(optimizer, limits.finestStep)
    nlopt_set_maxeval(optimizer, Int32(limits.evaluations))
    var point = start.map { min(max($0, 0), 1) }
    var value = 0.0
    let result = withExtendedLifetime(call) { nlopt_optimize(optimizer, &point, &value) }
    let failed = result.rawValue < 0 && result != NLOPT_ROUNDOFF_LIMITED
    return failed || point.contains { !$0.isFinite } ? start : point.map { min(max($0, 0), 1) }
  }

  private final class Call {
    let solver: NonlinearSolver
    init(_ solver: NonlinearSolver) { self.solver = solver }
  }

  private static let bad = 1e100

  private static let objectiveCallback: nlopt_func = { count, point, _, context in
    guard let point, let context else { return bad }
    let call = Unmanaged<Call>.fromOpaque(context).takeUnretainedValue()
    let value = -call.solver.objective(Array(UnsafeBufferPointer(start: point, count: Int(count))))
    return value.isFinite ? value : bad
  }

  private static let conditionCallback: nlopt_mfunc = { size, result, count, point, _, context in
    guard let point, let result, let context else { return }
    let call = Unmanaged<Call>.fromOpaque(context).takeUnretainedValue()
    let values = call.solver.conditions(Array(UnsafeBufferPointer(start: point, count: Int(count))))
    for k in 0..<Int(size) {
      let value = values.indices.contains(k) ? -values[k] : bad
      result[k] = value.isFinite ? value : bad
    }
  }
}
