{#
    What a person reads for each rule of writing, beside those of coding (coding_messages): word for
    word from the coding rules, section 9, where that table has them. The first sentence is the
    message, the rest the remedy.
#}
{% macro push_messages() -%}
    {{ return({
        'TPL_NONE': 'No template contact for {organisation}. Choose one.',
        'TPL_BAD': 'Template default {field} is archived and was left out.',
        'TPL_INCOMPLETE': '{contact} already exists in Xero without {fields} of the template.'
            ~ ' Set them in Xero if wanted.',
        'CON_NUMBER': 'Contact number {number} belongs to another Xero contact. Change one of them.',
        'DOC_LOCKED': '{document} can no longer be changed in Xero.',
        'DOC_DUPLICATE': '{kind} {number} already exists in Xero. Give it another number.',
        'PO_ROLE_CHANGED': '{po} changed from {old role} to {new role} after its bill was sent.',

        'TPL_SEVERAL': '{n} template contacts are configured for {organisation}. Keep one in template_contacts.csv.',
        'CON_NAME_TAKEN': 'The name {name} belongs to a contact in Xero that nothing else links to {source}.'
            ~ ' If it is the same one, give both the same account number; if not, rename one.',
        'CON_NAME_TWICE': '{source} and {other} both have a new customer {name}.'
            ~ ' Only the first is created; give both the same account number.',
        'CON_NAME_MISSING': 'Customer {key} has no name. Give it one in {source}.',
        'CON_NAME_INVALID': 'The name {name} has characters that Xero does not take.'
            ~ ' Remove < and > in {source}, and keep it to 255 characters.',
        'CON_WAITS': 'Contact {name} has to be created first and waits itself ({rules}). Mend that first.',
        'DOC_NUMBER': '{document} has no number that Xero can hold. Give it one in {source}.',
        'DOC_UNDONE': '{record} was sent as it is and taken back. Change it in {source} to send it again.',
        'JNL_EMPTY': '{journal} is in Xero, and {why}. Approve to {action}.',
        'JNL_GONE': '{record} was taken out of use in Xero ({status}). Change it in {source} to send it again.',
        'ITEM_CODE_LONG': 'Item code {code} is longer than the 30 characters that Xero takes.'
            ~ ' Shorten it in {source}.',
        'CRM_CATEGORY': 'Prospect asks for the category of a new product.'
            ~ ' Name one in target_codes.csv: prospect, CategoryId, *.',
        'CODE_TOO_LONG': '"{value}" is longer than the {n} characters of {field} in {target}.'
            ~ ' Give it a code in target_codes.csv: prospect, {field}, {value}.',
        'CODE_COLLISION': '"{value}" and "{other}" would both be {code} in {field} of {target}.'
            ~ ' Give one another code in target_codes.csv.',
        'UNSUPPORTED': '{target} does not let {field} of {record} be changed over its API: {held} would become {wanted}.'
            ~ ' Take it from {table}, or change it there by hand.',
    }) }}
{%- endmacro %}

{#
    A finding as a JSON object, {rule, severity, message, remedy}, where a condition holds; else null.
    `values` maps each word in braces to an SQL expression of text.
#}
{% macro push_finding(rule, severity, condition, values={}) -%}
    {%- set text = push_messages().get(rule) or coding_messages()[rule] -%}
    {%- set end = text.find('. ') + 1 -%}
    {%- set members = {
        'rule': "'\"" ~ rule ~ "\"'",
        'severity': "'\"" ~ severity ~ "\"'",
        'message': json_string(filled_message(text[:end] if end else text, values)),
    } -%}
    {%- if end -%}
        {%- do members.update({'remedy': json_string(filled_message(text[end + 1:], values))}) -%}
    {%- endif -%}
    {{ return('case when ' ~ condition ~ ' then ' ~ json_object_of(members) ~ ' end') }}
{%- endmacro %}

{# Whether a JSON list of findings keeps its record from being written. #}
{% macro is_stopped(findings) -%}
    (
        {{ findings }} like '%"severity":"block"%'
        or {{ findings }} like '%"severity":"hold"%'
        or {{ findings }} like '%"severity":"skip"%'
    )
{%- endmacro %}
