{#
    An amount in the organisation's base currency: amount / rate, where Xero's rate is foreign units
    per base unit, rounded to 2 decimals half away from zero. Null without a rate, or with a rate of
    zero: that is a finding, never rate 1; null too beyond 10^14, which no amount can be. Amounts have up
    to 4 decimals, rates up to 6.
#}
{% macro to_base(amount, rate) -%}
    {{ return(adapter.dispatch('to_base', 'xero_crm')(amount, rate)) }}
{%- endmacro %}

{#
    Whole numbers only, because DuckDB divides decimals as doubles and misses half cents. With
    a = amount * 10^4 and r = rate * 10^6 the cents are a * 10^4 / r; adding r to twice that before
    dividing by 2r rounds halves up, and the sign is set aside meanwhile.

    Most documents are in the base currency, at rate 1, where rounding the decimal is exact and costs a
    fifth of the time.
#}
{% macro duckdb__to_base(amount, rate) -%}
    try_cast(
        case
            when {{ rate }} = 1 then round(cast({{ amount }} as decimal(38,4)), 2)
            else cast(
                sign({{ amount }})
                * (
                    (
                        abs(cast(cast({{ amount }} as decimal(38,4)) * 10000 as hugeint)) * 20000
                        + abs(cast(cast({{ rate }} as decimal(38,6)) * 1000000 as hugeint))
                    )
                    // nullif(2 * cast(cast({{ rate }} as decimal(38,6)) * 1000000 as hugeint), 0)
                )
                as decimal(38,0)
            ) * cast(0.01 as decimal(3,2))
        end
        as decimal(18,4)
    )
{%- endmacro %}

{#
    The same whole numbers, as decimals: `div` is exact, and gives a bigint, which has no room for cents
    beyond 10^18. Spark's `sign` would be a double.
#}
{% macro spark__to_base(amount, rate) -%}
    {%- set rate_units = 'cast(abs(cast(' ~ rate ~ ' as decimal(38,6))) * 1000000 as decimal(38,0))' -%}
    {%- set amount_units = 'cast(abs(cast(' ~ amount ~ ' as decimal(38,4))) * 10000 as decimal(38,0))' -%}
    case
        when {{ rate }} = 1 then try_cast(round(cast({{ amount }} as decimal(38,4)), 2) as decimal(18,4))
        when {{ amount_units }} * 100 < {{ rate_units }} * 100000000000000
            then cast(
                case when {{ amount }} < 0 then -1 else 1 end
                * cast(
                    cast({{ amount_units }} * 20000 + {{ rate_units }} as decimal(38,0))
                    div nullif(2 * {{ rate_units }}, 0)
                    as decimal(20,0)
                )
                * cast(0.01 as decimal(3,2))
                as decimal(18,4)
            )
    end
{%- endmacro %}
