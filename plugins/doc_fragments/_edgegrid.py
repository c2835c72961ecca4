# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""The connection options: how to reach the Akamai API, and as whom."""

# Private to this collection: it can change in any release.

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the connection options."""

    DOCUMENTATION = r"""
options:
  edgerc:
    description:
      - The C(.edgerc) file with the credentials, in the format of Akamai's own tools.
      - When this option is given, the credentials in the environment are ignored.
      - The default is the file in E(AKAMAI_EDGERC), else C(~/.edgerc).
    type: path
  edgerc_section:
    description:
      - The section of the C(.edgerc) file.
      - It also chooses the environment variables. For V(default) they are E(AKAMAI_HOST), E(AKAMAI_CLIENT_TOKEN)
        and so on, for a section V(my-team) they are C(AKAMAI_MY_TEAM_HOST), C(AKAMAI_MY_TEAM_CLIENT_TOKEN) and so on.
      - The default is the section in E(AKAMAI_EDGERC_SECTION), else V(default).
    type: str
  host:
    description:
      - The host of the API client, such as V(akab-xxxx.luna.akamaiapis.net), with a port if it needs one.
      - The environment variable is E(AKAMAI_HOST).
    type: str
  client_token:
    description:
      - The client token of the API client.
      - The environment variable is E(AKAMAI_CLIENT_TOKEN).
    type: str
  client_secret:
    description:
      - The client secret of the API client.
      - The environment variable is E(AKAMAI_CLIENT_SECRET).
    type: str
  access_token:
    description:
      - The access token of the API client.
      - The environment variable is E(AKAMAI_ACCESS_TOKEN).
    type: str
  account_switch_key:
    description:
      - The account to act on, for an API client that manages several, such as V(1-5C0YLB:1-8BYUX).
      - The default is the key in E(AKAMAI_ACCOUNT_KEY) (or C(AKAMAI_MY_TEAM_ACCOUNT_KEY), see O(edgerc_section)),
        else C(account_key) of the C(.edgerc) section when the credentials come from there. When O(edgerc) is
        given, C(account_key) of that file comes first.
      - An empty string turns off all of these.
    type: str
  timeout:
    description:
      - How many seconds to wait for a connection, and for the next bytes of an answer. More than 0, and up to 86400.
      - An answer as a whole can take three times this long, plus one second for each 4096 bytes that have arrived. A
        server that sends more slowly is treated like one that does not answer.
      - The environment variable is E(AKAMAI_TIMEOUT).
    type: float
    default: 60
  retries:
    description:
      - How often a request is tried again after the first try, when the connection fails, the answer is cut short,
        or its status is 500, 502, 503 or 504.
      - After a status 429 one request is tried again, after the time that the API asks for, and all others wait for
        its answer. The task gives up after twice as many refusals in a row as O(retries), and at once when the API
        asks to wait more than 300 seconds.
      - The environment variable is E(AKAMAI_RETRIES).
    type: int
    default: 5
  validate_certs:
    description:
      - Whether to check the certificate of the host. Turn this off only for tests.
      - The environment variable is E(AKAMAI_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description:
      - A file or a directory with the certificates of the authorities to trust.
      - The default is the path in E(AKAMAI_CA_PATH), E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE), else the authorities
        that come with the Python library certifi.
    type: path
  max_size:
    description:
      - The largest document to accept, in bytes, after decompression. A larger one is refused while it arrives, and
        nothing of it is kept.
      - The environment variable is E(AKAMAI_MAX_SIZE).
    type: int
    default: 5368709120
requirements:
  - Python >= 3.9
  - ansible-core >= 2.18 (2.16 and 2.17 run with a warning)
  - requests >= 2.25.1
  - edgegrid-python >= 1.3.1
notes:
  - The credentials are O(host), O(client_token), O(client_secret) and O(access_token). All four come from one source,
    the first of these that has any of them. The order is the options, the file O(edgerc) when that option is given, the
    environment, and the default C(.edgerc) file. A source that has only some of them is an error.
  - The API client needs the grant READ-WRITE for the service Invoicing, also to read.
  - Akamai permits 500 requests a minute for each account, shared by all its users and machines. The requests of a task
    are held back as the answers of the API ask, so that a task that runs alone is seldom refused.
"""

    # Merged with the options above for lookups. The environment of the credentials is not declared here:
    # all four must come from one source, and the section is a part of their names.
    PLUGINS = r"""
options:
  edgerc:
    vars:
      - name: akamai_edgerc
    ini:
      - section: akamai_invoicing
        key: edgerc
  edgerc_section:
    vars:
      - name: akamai_edgerc_section
    ini:
      - section: akamai_invoicing
        key: edgerc_section
  host:
    vars:
      - name: akamai_host
  client_token:
    vars:
      - name: akamai_client_token
  client_secret:
    vars:
      - name: akamai_client_secret
  access_token:
    vars:
      - name: akamai_access_token
  account_switch_key:
    vars:
      - name: akamai_account_switch_key
    ini:
      - section: akamai_invoicing
        key: account_switch_key
  timeout:
    vars:
      - name: akamai_timeout
    env:
      - name: AKAMAI_TIMEOUT
    ini:
      - section: akamai_invoicing
        key: timeout
  retries:
    vars:
      - name: akamai_retries
    env:
      - name: AKAMAI_RETRIES
    ini:
      - section: akamai_invoicing
        key: retries
  validate_certs:
    vars:
      - name: akamai_validate_certs
    env:
      - name: AKAMAI_VALIDATE_CERTS
    ini:
      - section: akamai_invoicing
        key: validate_certs
  ca_path:
    vars:
      - name: akamai_ca_path
    env:
      - name: AKAMAI_CA_PATH
    ini:
      - section: akamai_invoicing
        key: ca_path
  max_size:
    vars:
      - name: akamai_max_size
    env:
      - name: AKAMAI_MAX_SIZE
    ini:
      - section: akamai_invoicing
        key: max_size
"""
