// Functions of floats. Angles are in radians; what has no value is NaN.

interface Math {
    float power(float base, float exponent)
    float exp(float value)
    float ln(float value)
    float log10(float value)
    float sin(float angle)
    float cos(float angle)
    float tan(float angle)
    float asin(float value)
    float acos(float value)
    float atan(float value)
    float sinh(float value)
    float cosh(float value)
    float tanh(float value)
    float asinh(float value)
    float acosh(float value)
    float atanh(float value)
}
