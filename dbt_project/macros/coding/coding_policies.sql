{#
    The systems whose outgoing documents are coded. Each has four models int_<system>__outgoing_documents,
    _lines, _candidates and int_<system>__stock_movements; a new system is one more name here.
#}
{% macro source_systems() -%}
    {{ return(['workguru', 'prospect', 'unleashed']) }}
{%- endmacro %}

{#
    What coding_policy.csv may decide, and what holds where it is silent: policy -> default, or a default
    per source system. A row names a policy for all systems (`rounding_limit`) or for one
    (`rounding_limit.workguru`); the organisation's row goes before that of all organisations, and
    among those the system's before that of all systems.

    contact_level      Whether a job's or contact's account counts: `off`, `on` (after the item's) or `before_item`.
                       Off for WorkGuru, whose users know two levels, item and default.
    phase_level        Whether the account of a project's phase counts: `off` or `on`; how WorkGuru ranks it is unknown.
    product_tracking   Whether an item's own tracking counts, between job and contact: `off` or `on`.
    fallback           An account that is present but cannot be used: `block`, or `warn` and take the next level's.
    payments_off       An account that payments cannot be made to, where they are not demanded: `off`, `warn`, `block`.
    stock_journals     Whether the system's stock movements become journals: `on` or `off`.
    stock_journals_from  The first month that is journalled ("2025-04"): what moved before was journalled by other means.
                       Without it every movement that the source holds is journalled.
    omit_item_code     Whether an item that Xero keeps in stock itself is sent without its code: `on` or `off`.
    landed_cost_role   What landed cost of a stock order is: `inventory` or `expense`.
    rounding_limit     Up to how much a document's total is mended by a rounding line, in its currency.
    draft_without_tax  A line without tax type: `block`, or `warn` and leave it to the draft's reader.
    hold_locked_drafts Whether documents dated in a locked period wait: `on` or `off`.
#}
{% macro coding_policies() -%}
    {{ return({
        'contact_level': {'workguru': 'off', 'prospect': 'on', 'unleashed': 'on'},
        'phase_level': 'off',
        'product_tracking': 'off',
        'fallback': 'block',
        'payments_off': 'warn',
        'stock_journals': {'workguru': 'on', 'prospect': 'off', 'unleashed': 'off'},
        'stock_journals_from': '',
        'omit_item_code': 'off',
        'landed_cost_role': 'inventory',
        'rounding_limit': '0.05',
        'draft_without_tax': 'block',
        'hold_locked_drafts': 'on',
    }) }}
{%- endmacro %}

{# What each policy may be; where it is no list of words, a month ("2025-04") or an amount. #}
{% macro coding_policy_values() -%}
    {{ return({
        'contact_level': ['off', 'on', 'before_item'],
        'phase_level': ['off', 'on'],
        'product_tracking': ['off', 'on'],
        'fallback': ['block', 'warn'],
        'payments_off': ['off', 'warn', 'block'],
        'stock_journals': ['on', 'off'],
        'stock_journals_from': 'month',
        'omit_item_code': ['on', 'off'],
        'landed_cost_role': ['inventory', 'expense'],
        'rounding_limit': 'amount',
        'draft_without_tax': ['block', 'warn'],
        'hold_locked_drafts': ['on', 'off'],
    }) }}
{%- endmacro %}

{# The first day of a month written as "2025-04", or of one of its days; null where it is none. #}
{% macro policy_month(value) -%}
    {{ cast_or_null("substr(trim(" ~ value ~ "), 1, 7) || '-01'", 'date') }}
{%- endmacro %}

{#
    Which accounts may be used in which role where account_eligibility.csv says nothing of the role:
    the coding rules, section 4. A row is role, class, type ('' for any), whether payments to it must be enabled.
    COGS_DEFAULT is COGS as the organisation's default. ROUNDING is only the configured account, whatever its class.
#}
{% macro account_eligibility_defaults() -%}
    {{ return([
        ('REVENUE', 'REVENUE', '', false),
        ('EXPENSE', 'EXPENSE', '', false),
        ('INVENTORY', '', 'CURRENT', false),
        ('COGS', 'EXPENSE', '', false),
        ('COGS_DEFAULT', 'EXPENSE', 'DIRECTCOSTS', false),
        ('ROUNDING', '', '', false),
        ('CLEARING', 'ASSET', '', true),
        ('CLEARING', 'LIABILITY', '', true),
    ]) }}
{%- endmacro %}
