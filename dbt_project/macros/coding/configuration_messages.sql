{#
    What a bookkeeper reads of each finding on the settings themselves: the first sentence is the
    message, the rest the remedy; words in braces are filled.
#}
{% macro configuration_messages() -%}
    {{ return({
        'ORGANISATION_UNKNOWN': '{file}.csv has a row for {value}, and no such organisation was read.'
            ~ ' {nearest}Correct tenant_id in the row {row}, or connect the organisation.',
        'NAME_UNKNOWN': '{file}.csv names the {kind} "{value}", which {organisation} does not have.'
            ~ ' {nearest}Correct {column} in the row {row}.',
        'DEFAULT_MISSING': '{organisation} has no default account for {role}. Add one to gl_defaults.csv.',
        'EXPENSE_NOT_DIRECT_COST': 'The default account for expenses, {code} {name}, is of type {type}, so that'
            ~ ' purchases for projects stay out of cost of sales. If they belong there, name an account of type'
            ~ ' DIRECTCOSTS in gl_defaults.csv.',
        'COGS_NOT_DIRECT_COST': 'The default account for cost of goods sold, {code} {name}, is of type {type}, so that'
            ~ ' stock used stays out of cost of sales. Name an account of type DIRECTCOSTS in gl_defaults.csv.',
        'TAX_UNMAPPED': '{system} has the tax code {tax} on {lines} ({side}), and nothing says what it is in Xero.'
            ~ ' Add it to tax_mappings.csv.',
        'TAX_INACTIVE': '{file}.csv names the tax {tax} in the row {row}, which is {status} in Xero.'
            ~ ' Choose one that is active.',
        'SLOT_MISSING': '{category} is in use in Xero and is neither Analysis 2 nor Analysis 3.'
            ~ ' Give it a slot in analysis_slots.csv.',
        'SLOT_ARCHIVED': 'Analysis {slot} is bound to {category}, which is no longer in use in Xero.'
            ~ ' Name another category in analysis_slots.csv, or restore it in Xero.',
        'TPL_NONE': 'No template contact for {organisation}. Choose one.',
        'TEMPLATE_ARCHIVED': 'The template contact {name} is not active in Xero.'
            ~ ' Restore it there, or name another in template_contacts.csv.',
        'OPTION_ARCHIVED': '{option} in {category} is to be offered and is archived in Xero.'
            ~ ' Restore it in Xero, or take it out of tracking_relevance.csv.',
        'CATEGORY_HIDDEN': '{category} is required on {document type}, and nothing of it is offered.'
            ~ ' Offer an option of it in tracking_relevance.csv, or do not require it in tracking_mandatory.csv.',
        'REMAP_ARCHIVED': 'tracking_remap.csv puts {option} in place of another option, and it is archived in Xero.'
            ~ ' Name one that is in use.',
        'POLICY_UNKNOWN': 'coding_policy.csv names the policy "{policy}", and there is none of that name.'
            ~ ' Correct policy in the row {row}; data/settings/README.md lists them.',
        'POLICY_VALUE': 'coding_policy.csv sets {policy} to "{value}", and it can be {values}.'
            ~ ' Correct value in the row {row}.',
        'JOURNALS_FROM_MISSING': 'All that moved since {day} in {system} becomes stock journals of {organisation}, also in'
            ~ ' months that were journalled by other means. Name the first month as stock_journals_from in'
            ~ ' coding_policy.csv.',
    }) }}
{%- endmacro %}

{# A finding's rule, message and remedy as three columns, as `coding_finding` gives them. #}
{% macro configuration_finding(rule, values) -%}
    {%- set text = configuration_messages()[rule] -%}
    {#- File names have points, but no blank after them. -#}
    {%- set end = text.find('. ') + 1 -%}
    '{{ rule }}' as rule,
    {{ filled_message(text[:end], values) }} as message,
    {{ filled_message(text[end + 1:], values) }} as remedy
{%- endmacro %}
