{#
    What a bookkeeper reads for each rule: word for word from the coding rules, section 9. The first
    sentence is the message, the rest the remedy; words in braces are filled. The rules after the
    blank line are not in that table: without them a line could go out unusable, or a value be dropped
    in silence.
#}
{% macro coding_messages() -%}
    {{ return({
        'ACC_UNRESOLVED': 'No account for this {role} line. Set one on the line, on {item}, or as the {role} default.',
        'ACC_UNKNOWN': 'Account {code} is not in the Xero chart of accounts. Correct it or create it.',
        'ACC_ARCHIVED': 'Account {code} {name} is {status} in Xero. Restore it or choose another.',
        'ACC_INELIGIBLE': 'Account {code} {name} is a {reason} account and cannot be used here. Choose another.',
        'ACC_NO_CODE': 'Account {name} has no code in Xero. Give it one first.',
        'ACC_CLASS': 'Account {code} {name} is {class}; a {role} line needs {wanted}. Choose another.',
        'ACC_RENAMED': 'Account {code} is now called {name}.',
        'ACC_RENUMBERED': 'Account {name} changed its code from {old} to {new}.',
        'ACC_PAYMENTS_OFF': '{system} may not list {code} {name}: payments to it are not enabled.'
            ~ ' Tick "Enable payments to this account" in Xero.',
        'TAX_MISSING': 'No tax type for this line. Map {source tax} to a Xero tax type.',
        'TAX_CLASS': 'Tax {tax} cannot be used with account {code} ({class}). Change one of them.',
        'TAX_UNKNOWN': 'Tax {tax} is not active in Xero. Choose another.',
        'TAX_NOT_REGISTERED': '{organisation} is not registered for GST/VAT but this line has tax {amount}.'
            ~ ' Remove it in {source}, or correct the registration in Xero.',
        'TRK_MISSING': '{category} is required on {document type}: {n} of {m} lines have none. Choose an option.',
        'TRK_OPT_ARCHIVED': '{option} in {category} is archived in Xero. Choose another or add a remap.',
        'TRK_OPT_DELETE': '{option} is used on posted documents and can only be archived.',
        'TRK_CAT_ARCHIVED': '{category} is archived in Xero and is no longer asked for.',
        'TRK_TOO_MANY_CFG': '{n} tracking categories are configured; Xero allows 2. Keep two.',
        'TRK_TOO_MANY_LINE': 'This line has {n} tracking categories; Xero allows 2. Remove one.',
        'TRK_CONFLICT': '{category} is both {a} and {b} on this line. Keep one.',
        'CON_ARCHIVED': 'Contact {name} is archived in Xero. Restore it there.',
        'CON_MERGED': 'Contact {name} was merged into {target}.',
        'QTY_NEGATIVE': 'Quantity {q} is negative. Send a credit note.',
        'PERIOD_LOCKED': '{date} is in a locked period (to {lock date}).'
            ~ ' Change the date in {source}, or ask the adviser who closed it.',
        'SOH_DIFF': 'Stock on hand differs by {amount}; {n} receipts are dated in another month.',
        'ITEM_TRACKED': '{item} is tracked inventory in Xero, which would post its cost a second time.'
            ~ ' Make it untracked in Xero, or send without the item code.',
        'TOTAL_DIFF': '{document} is {source_total} in {source}, but Xero would make it {xero_total}.'
            ~ ' Correct price or tax in {source}.',

        'ROLE_UNRESOLVED': 'What this line is to the ledger cannot be told.'
            ~ ' Give it a product with its tracking type, or a task, in {source}.',
        'CON_UNKNOWN': 'Contact {name} is not in Xero yet. Create it there, or let it be created first.',
        'CON_AMBIGUOUS': '{n} contacts in Xero have the {shared}. Keep it on the one that is meant.',
        'LINES_MISSING': '{document} has no line with an amount. Complete it in {source}.',
        'DATE_MISSING': '{document} has no date. Give it one in {source}.',
        'AMOUNT_MISSING': 'This line has no quantity or no price. Complete it in {source}.',
        'TOTAL_NEGATIVE': '{document} comes to {total}, and Xero takes no negative total. Send a credit note.',
        'TRK_UNKNOWN': '{option} in {category} is not in Xero. Choose another or create it.',
        'JNL_HELD': '{journal} waits: {n} of its stock movements cannot be coded. Correct what is found on each of them.',
        'JNL_POSTED_CHANGED': '{journal} is posted with {old} and comes to {new}, a difference of {difference}.'
            ~ ' {change}, if that is right.',
        'JNL_DRAFT_LOCKED': '{journal} is still a draft, and its month is locked. Ask the adviser who closed the month to'
            ~ ' post it, or delete it: its amount then goes to the next open month.',
        'JNL_EDITED': '{journal} is locked and was changed in Xero: its lines go in pairs no more, and what it holds'
            ~ ' cannot be told. Restore them with the adviser who closed the month.',
        'JNL_NO_ZONE': '{n} stock movements have no month: the time zone {zone} of {organisation} is not known.'
            ~ ' Set the time zone in Xero, or add it to the known ones.',
        'TRK_NO_SLOT': '{category} is neither Analysis 2 nor Analysis 3. Give it a slot in analysis_slots.csv.',
    }) }}
{%- endmacro %}

{#
    A finding's rule, message and remedy as three columns. `values` maps each word in braces to an SQL
    expression of text.
#}
{% macro coding_finding(rule, values) -%}
    {%- set text = coding_messages()[rule] -%}
    {%- set end = text.find('. ') + 1 -%}
    {%- set message = text[:end] if end else text -%}
    {%- set remedy = text[end + 1:] if end else none -%}
    '{{ rule }}' as rule,
    {{ filled_message(message, values) }} as message,
    {{ filled_message(remedy, values) if remedy else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as remedy
{%- endmacro %}

{# The message or the remedy of a rule alone, filled: for a model that chooses among rules with `case`. #}
{% macro coding_message(rule, values) -%}
    {%- set text = coding_messages()[rule] -%}
    {%- set end = text.find('. ') + 1 -%}
    {{ return(filled_message(text[:end] if end else text, values)) }}
{%- endmacro %}

{% macro coding_remedy(rule, values) -%}
    {%- set text = coding_messages()[rule] -%}
    {%- set end = text.find('. ') + 1 -%}
    {{ return(filled_message(text[end + 1:], values) if end else 'cast(null as ' ~ dbt.type_string() ~ ')') }}
{%- endmacro %}

{#
    Text with its braces filled, as one SQL expression. A value that is absent is shown as "(none)",
    because one null would blank the whole message.
#}
{% macro filled_message(text, values) -%}
    {%- set parts = [] -%}
    {%- for piece in text.split('{') -%}
        {%- if loop.first -%}
            {%- do parts.append(text_literal(piece)) if piece -%}
        {%- else -%}
            {%- set name, rest = piece.split('}') -%}
            {%- do parts.append("coalesce(" ~ values[name] ~ ", '(none)')") -%}
            {%- do parts.append(text_literal(rest)) if rest -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return('(' ~ parts | join(' || ') ~ ')') }}
{%- endmacro %}

{# A money amount as people write it: two decimals. #}
{% macro money_text(amount) -%}
    cast(cast({{ amount }} as decimal(18, 2)) as {{ dbt.type_string() }})
{%- endmacro %}

{# A quantity without trailing zeros. #}
{% macro quantity_text(quantity) -%}
    {{ without_trailing_zeros('cast(cast(' ~ quantity ~ ' as decimal(18, 4)) as ' ~ dbt.type_string() ~ ')') }}
{%- endmacro %}

{# A source system by the name its users know. #}
{% macro system_name(column) -%}
    case {{ column }}
        when 'workguru' then 'WorkGuru'
        when 'prospect' then 'Prospect'
        when 'unleashed' then 'Unleashed'
        else {{ column }}
    end
{%- endmacro %}

{# What people call a document: "Bill PO-104". #}
{% macro document_words(document_type, side, document_number, document_id) -%}
    case
        when {{ document_type }} = 'purchase' then 'Bill'
        when {{ document_type }} = 'credit_note' and {{ side }} = 'purchases' then 'Supplier credit note'
        when {{ document_type }} = 'credit_note' then 'Credit note'
        when {{ document_type }} = 'adjustment' then 'Stock adjustment'
        when {{ document_type }} = 'stock_take' then 'Stock take'
        when {{ document_type }} = 'cogs' then 'COGS journal'
        else 'Invoice'
    end || ' ' || coalesce({{ document_number }}, {{ document_id }})
{%- endmacro %}

{# A level as people call what stands behind it: "the line". #}
{% macro level_words(level) -%}
    case {{ level }}
        when 'line' then 'line'
        when 'transaction' then 'document'
        when 'phase' then 'phase'
        when 'item_override' then 'item'
        when 'job' then 'project'
        when 'contact' then 'contact'
        when 'account' then 'account'
        when 'org_default' then {{ text_literal("organisation's default") }}
        else {{ level }}
    end
{%- endmacro %}

{# "Used: the line comes first." #}
{% macro first_words(level) -%}
    'Used: the ' || {{ level_words(level) }} || ' comes first.'
{%- endmacro %}

{# "The line comes before the item." #}
{% macro before_words(winning_level, level) -%}
    'The ' || {{ level_words(winning_level) }} || ' comes before the ' || {{ level_words(level) }} || '.'
{%- endmacro %}
