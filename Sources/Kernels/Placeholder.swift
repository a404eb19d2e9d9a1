public enum ElementaryFunctions { public static func log(_ x: Float) -> Float { x } }
