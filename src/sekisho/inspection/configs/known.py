"""Which files configure what: by their place and name, each with its reader."""

import re
from collections.abc import Callable, Iterator

from sekisho.inspection.configs import (
    agents,
    builds,
    by_address,
    ci,
    containers,
    deploy,
    editors,
    entering,
    environment,
    jenkins,
    jetbrains,
    locks,
    looking_away,
    manuals,
    npm,
    packages,
    patches,
    registries,
    repository,
    tools,
    within,
    xcode,
)
from sekisho.inspection.page import Page

Reader = Callable[[Page], None]

_HOOKS = (
    "applypatch-msg|pre-applypatch|post-applypatch|pre-commit|pre-merge-commit|prepare-commit-msg|commit-msg|post-commit"
    "|pre-rebase|post-checkout|post-merge|pre-push|pre-receive|update|post-receive|post-update|push-to-checkout"
    "|pre-auto-gc|post-rewrite|fsmonitor-watchman|sendemail-validate|post-index-change|reference-transaction|proc-receive"
)
_CONFIGURED = (
    "vite|vitest|jest|webpack|rollup|babel|eslint|next|nuxt|tailwind|postcss|svelte|astro|metro|karma|hardhat|truffle"
    "|playwright|cypress|craco|prettier|commitlint|tsup|rspack|rsbuild|farm|esbuild|snowpack|remix|vue|gatsby|stylelint"
    "|lint-staged|drizzle|prisma|orval|graphql|uno|unocss|windi|panda|svgo|release|docusaurus|sanity|app|react-native"
    "|storybook|wdio|ava|nyc|c8|tsdown|unbuild|build|next-sitemap|sentry|semantic-release|mikro-orm|knex|knip|dumi|umi"
    "|markdownlint|quasar|capacitor|ionic|webpack-mix|gridsome|eleventy|postgraphile|vocs|wagmi|ponder|codegen|web-test-runner"
)

_TABLE: tuple[tuple[str, Reader], ...] = (
    # editors
    (r"(?:^|/)\.(?:vscode|theia)/tasks\.json$", editors.tasks),
    (r"(?:^|/)\.(?:vscode|theia)/settings\.json$", editors.settings),
    (r"(?:^|/)\.(?:vscode|theia)/launch\.json$", editors.launch),
    (r"(?:^|/)\.vscode/extensions\.json$", editors.extensions),
    (r"\.code-workspace$", editors.workspace),
    (r"(?:^|/)(?:\.idea/(?:runConfigurations/)?|\.run/)[^/]+\.xml$", jetbrains.project),
    (r"(?:^|/)\.zed/(?:tasks|settings|debug)\.json$", editors.zed),
    (r"\.sublime-project$", editors.sublime),
    (r"(?:^|/)(?:\.(?:vimrc|exrc|nvimrc|gvimrc|lvimrc|nvim\.lua)|_vimrc)$", editors.vim),
    (r"(?:^|/)\.dir-locals(?:-2)?\.el$", editors.emacs),
    # shells that enter
    (r"(?:^|/)ipython[^/]*_config\.py$", packages.ipython),
    (r"(?:^|/)\.envrc(?:\.[\w-]+)?$", entering.direnv),
    (r"(?:^|/)\.autoenv(?:\.zsh)?$", entering.autoenv),
    (r"(?:^|/)(?:\.?mise(?:\.[\w-]+)?\.toml|(?:\.config/)?\.?mise/config(?:\.[\w-]+)?\.toml)$", entering.mise),
    (r"(?:^|/)\.asdfrc$", entering.asdf),
    (r"(?:^|/)devbox\.json$", entering.devbox),
    (r"(?:^|/)\.?(?:tmuxinator|tmuxp)\.ya?ml$", entering.tmuxinator),
    (r"(?:^|/)(?:\.gitpod\.ya?ml|\.codesandbox/tasks\.json|\.stackblitzrc)$", entering.cloud_editor),
    (r"(?:^|/)\.replit$", entering.replit),
    (r"(?:^|/)\.(?:env(?:\.[\w.-]+)?|flaskenv)$", environment.env_file),
    # containers
    (r"(?:^|/)\.?devcontainer(?:/[^/]+)?(?:/devcontainer)?\.json$", containers.dev_container),
    (r"(?:^|/)(?:docker-)?compose[^/]*\.ya?ml$", containers.compose),
    # agents
    (r"(?:^|/)(?:\.?mcp(?:_config|_settings)?\.json|\.(?:claude|gemini|qwen|cursor|kiro|roo|windsurf|amazonq|copilot|junie|trae|kilocode|factory|augment|openhands)"
     r"/(?:.+/)?(?:mcp|settings[^/]*|hooks|environment|cli|config|mcp_config|worktrees|gemini-extension)\.json"
     r"|\.(?:amazonq|aws/amazonq)/cli-agents/[^/]+\.json|gemini-extension\.json|\.?conductor\.json|\.?(?:opencode|crush|amp)\.jsonc?"
     r"|\.claude-plugin/[^/]+\.json|hooks/hooks\.json|\.github/hooks/[^/]+\.json)$", agents.settings),
    (r"(?:^|/)\.codex/(?:config|environments/[^/]+)\.toml$", agents.settings_toml),
    (r"(?:^|/)(?:\.aider\.conf\.ya?ml|\.(?:continue|goose)/.*\.ya?ml)$", agents.settings_yaml),
    (r"(?:^|/)\.openhands/(?:setup|pre-commit)\.sh$", agents.set_up),
    (r"\.kiro\.hook$", agents.kiro_hook),
    (r"(?:^|/)\.(?:claude|codex|cursor|gemini|opencode|agents)/(?:commands?|skills|prompts)/.*\.(?:md|toml)$",
     agents.slash_command),
    (r"(?:^|/)(?:(?:AGENTS?|CLAUDE(?:\.local)?|GEMINI|QWEN|WARP|CRUSH|SKILL|CONVENTIONS)\.md|\.(?:cursor|windsurf|cline|roo)rules"
     r"|\.goosehints|\.(?:cursor|windsurf|clinerules|roo|kiro|trae|amazonq|continue|junie|agents?)/(?:.+/)?[^/]+\.(?:mdc?|txt)"
     r"|\.claude/(?:agents|rules)/.+\.md|\.github/(?:copilot-instructions|instructions/.+|agents/.+|prompts/.+)\.md|llms\.txt)$",
     manuals.agent_rules),
    # what people are told
    (r"^(?:[^/]+!/)?(?:[^/]+/)?(?:README|INSTALL|GETTING[-_ ]?STARTED|QUICK[-_ ]?START|SETUP|USAGE|TASKS?"
     r"|CHALLENGE|ASSIGNMENT|INSTRUCTIONS?|INTERVIEW|HOMEWORK|EXERCISE|TEST|START[-_ ]?HERE|HOW[-_ ]?TO[-_ ]?RUN)"
     r"[^/.]*(?:\.(?:md|txt|rst|markdown))?$",
     manuals.manual),
    # scanners told to look away
    (r"(?:^|/)\.(?:semgrep|gitleaks|trivy|snyk|socket|grype|sekisho|guarddog|codeql|cursor|ai|copilot|codeium|aider|gemini"
     r"|cursorindexing|aiexclude|checkov|horusec|talisman)ignore$|(?:^|/)\.(?:snyk|aiexclude|nosec|secrets\.baseline)$",
     looking_away.ignore_file),
    (r"(?:^|/)(?:\.bandit|setup\.cfg|tox\.ini|pyproject\.toml)$", looking_away.scanner_settings),
    # packages of JavaScript
    (r"(?:^|/)package\.json$", npm.package_json),
    (r"(?:^|/)(?:package-lock|npm-shrinkwrap)\.json$", locks.package_lock),
    (r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.ya?ml|poetry\.lock|uv\.lock"
     r"|Pipfile\.lock|pdm\.lock)$", locks.sources),
    (r"(?:^|/)\.npmrc$", npm.npmrc),
    (r"(?:^|/)\.yarnrc\.yml$", npm.yarnrc),
    (r"(?:^|/)\.yarnrc$", npm.yarnrc_old),
    (r"(?:^|/)bunfig\.toml$", npm.bun),
    (r"(?:^|/)pnpm-workspace\.ya?ml$", npm.pnpm_workspace),
    (r"(?:^|/)deno\.jsonc?$", npm.deno),
    (r"(?:^|/)nodemon\.json$", npm.nodemon),
    (r"(?:^|/)(?:\.mocharc\.(?:jsonc?|ya?ml)|\.mocharc|jest\.config\.json|\.jestrc(?:\.json)?|cypress\.json|\.taprc)$",
     npm.test_runner),
    (r"(?:^|/)(?:\.?lefthook(?:-local)?\.(?:ya?ml|json)|\.huskyrc(?:\.json)?|\.simple-git-hooks\.json"
     r"|\.lintstagedrc(?:\.(?:json|ya?ml))?|\.nano-staged\.json)$", npm.hook_manager),
    (r"(?:^|/)(?:binding\.gyp|[^/]+\.gypi)$", npm.native_build),
    (rf"(?:^|/)\.?(?:{_CONFIGURED})\.(?:config|conf)\.[cm]?[jt]sx?$", packages.build_configuration),
    (r"(?:^|/)(?:gulpfile|gruntfile|\.eslintrc|\.babelrc|\.prettierrc|\.stylelintrc|\.lintstagedrc|\.mocharc|\.commitlintrc"
     r"|\.releaserc|\.huskyrc|\.ncurc|\.solcover|\.solhint|\.c8rc|\.nycrc|\.size-limit|truffle|truffle-config|knexfile|gatsby-\w+"
     r"|karma\.conf|protractor\.conf|wdio\.conf|ember-cli-build|vue\.config|webpack\.[\w.-]+|jakefile|nx\.plugin|svelte\.config"
     r"|plopfile|ecosystem\.config|pm2\.config|pptr\.config|setupProxy|setupTests|jest\.setup|vitest\.setup)"
     r"(?:\.babel)?\.[cm]?[jt]s$", packages.build_configuration),
    (r"(?:^|/)\.(?:pnpmfile\.c?js|yarn/(?:releases|plugins)/.*\.[cm]?js)$", packages.installer_program),
    (r"(?:^|/)\.storybook/[^/]+\.[cm]?[jt]sx?$", packages.build_configuration),
    (r"(?:^|/)(?:patches|\.yarn/patches)/[^/]+\.(?:patch|diff)$", patches.patch),
    # packages of Python
    (r"(?:^|/)pip\.(?:conf|ini)$", packages.pip_configuration),
    (r"(?:^|/)uv\.toml$", packages.uv_settings),
    (r"(?:^|/)setup\.py$", packages.setup_py),
    (r"(?:^|/)pyproject\.toml$", packages.pyproject),
    (r"(?:^|/)(?:pytest\.ini|\.pytest\.ini|tox\.ini|setup\.cfg)$", packages.pytest_ini),
    (r"(?:^|/)(?:site|user)customize\.py$", packages.interpreter_start),
    (r"\.start$", packages.start_file),
    (r"(?:^|/)(?:\.ipython|profile_\w+)/(?:.*/)?startup/[^/]+\.i?py$|(?:^|/)(?:jupyter|ipython)[^/]*_config\.py$",
     packages.notebook_start),
    (r"(?:^|/)(?:conftest|test_[^/]*|[^/]*_test)\.py$", packages.test_code),
    (r"(?:^|/)[^/]+\.(?:test|spec)\.[cm]?[jt]sx?$", packages.test_code),
    (r"(?:^|/)(?:noxfile|fabfile|dodo|locustfile|wscript|waf|SConstruct|gunicorn\.conf|gunicorn_config|celeryconfig)\.py$"
     r"|(?:^|/)docs?/(?:source/)?conf\.py$|^(?:[^/]+/)?tasks\.py$", packages.python_tool),
    (r"(?:^|/)manage\.py$", packages.django),
    (r"(?:^|/)mkdocs\.ya?ml$", packages.mkdocs),
    (r"(?:^|/)(?:environment[^/]*\.ya?ml|meta\.yaml)$", packages.conda),
    (r"(?:^|/)Pipfile$", packages.pipfile),
    (r"^(?:[^/]+!/)?(?:[^/]+/)?(?:main|app|run|index|server|start|__main__|cli|bot|wsgi|asgi|streamlit_app)"
     r"\.(?:py|[cm]?[jt]sx?)$", packages.entry),
    # other builds
    (r"(?:^|/)(?:build\.rs|build\.gradle(?:\.kts)?|settings\.gradle(?:\.kts)?|CMakeLists\.txt|Rakefile|foundry\.toml"
     r"|Vagrantfile|build\.sbt|Package\.swift|Podfile|BUILD\.bazel|WORKSPACE\.bazel"
     r"|mix\.exs|build\.zig|devenv\.nix|Gulpfile\.coffee)$", builds.foreign),
    (r"(?:^|/)project\.pbxproj$", xcode.project),
    (r"\.xcscheme$", xcode.scheme),
    (r"(?:^|/)(?:Podfile|[^/]+\.podspec)$", within.pods),
    (r"(?:^|/)(?:Fastfile|Appfile|Deliverfile|Matchfile)$", within.lanes),
    (r"(?:^|/)meson\.build$", within.meson),
    (r"(?:^|/)(?:shell|flake|default|devenv)\.nix$", within.nix),
    (r"(?:^|/)extconf\.rb$|(?:^|!/)(?:[^/]+/)?[^/]+\.gemspec$", builds.foreign_install),
    (r"(?:^|/)Gemfile$", builds.gemfile),
    (r"(?:^|/)(?:pom|build)\.xml$", builds.maven),
    (r"(?:^|/)(?:[^/]+\.(?:(?:cs|vb|fs|vcx)proj|targets|props))$", builds.msbuild),
    (r"(?:^|/)(?:Cargo\.toml|\.cargo/config(?:\.toml)?)$", builds.cargo),
    (r"(?:^|/)composer\.json$", builds.composer),
    (r"(?:^|/)Taskfile(?:\.dist)?\.ya?ml$", builds.taskfile),
    (r"(?:^|/)\.?justfile$", builds.just),
    (r"(?:^|/)Procfile(?:\.\w+)?$", builds.procfile),
    # git
    (rf"(?:^|/)(?:\.git|[^/]+\.git|\.git/modules/.+|\.husky(?:/_)?|\.?git-?hooks|\.hooks|hooks)/?(?:hooks/)?(?:{_HOOKS})$",
     repository.hook),
    (r"(?:^|/)(?:config|config\.worktree|\.gitconfig|\.gitmodules|gitconfig)$", repository.config),
    (r"(?:^|/)\.git$", repository.git_file),
    (r"(?:^|/)(?:\.gitattributes|\.git/info/attributes)$", repository.attributes),
    (r"(?:^|/)\.pre-commit-(?:config|hooks)\.ya?ml$", repository.pre_commit),
    # where packages of other languages come from
    (r"(?:^|/)(?:gradle|maven)-wrapper\.properties$", registries.wrapper),
    (r"(?:^|/)(?:\.mvn/jvm\.config|gradle\.properties|\.mvn/maven\.config)$", registries.java_agent),
    (r"(?:^|/)(?:\.cargo/config(?:\.toml)?|Cargo\.toml)$", registries.cargo),
    (r"(?:^|/)go\.mod$", registries.go_module),
    (r"\.tf$", registries.modules),
    (r"(?:^|/)(?:Gemfile|\.bundle/config)$", registries.gemfile),
    (r"(?:^|/)(?:nuget\.config|settings\.xml|pom\.xml)$", registries.xml_sources),
    (r"(?:^|/)composer\.json$", registries.composer),
    (r"(?:^|/)(?:deno\.jsonc?|import_?map\.json)$", registries.imports),
    (r"(?:^|/)(?:pyproject\.toml|Pipfile|pixi\.toml)$", by_address.python),
    (r"(?:^|/)setup\.(?:py|cfg)$", by_address.setuptools),
    (r"(?:^|/)tox\.ini$", by_address.tox),
    (r"(?:^|/)(?:docker-)?compose[^/]*\.ya?ml$", by_address.services),
    (r"(?:^|/)Taskfile(?:\.dist)?\.ya?ml$", by_address.tasks),
    (r"(?:^|/)\.pre-commit-config\.ya?ml$", by_address.hooks),
    # tools of all kinds
    (rf"(?:^|/)(?:{tools.NAMES})$", tools.tool),
    (r"(?:^|/)\.?(?:Rprofile|gdbinit|lldbinit|ghci|ocamlinit|octaverc|irbrc|pryrc|latexmkrc)$|(?:^|/)startup\.(?:m|jl)$",
     tools.start_file),
    (r"(?:^|/)\.pdbrc$", tools.debugger_start),
    (r"\.go$", tools.go_generate),
    (r"\.tf$", tools.terraform),
    (r"(?:^|/)(?:[\w-]*playbook[\w-]*|site|local)\.ya?ml$|(?:^|/)roles/[^/]+/(?:tasks|handlers)/[^/]+\.ya?ml$",
     tools.playbook),
    # what a push starts
    (r"(?:^|/)\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml$", ci.workflow),
    (r"(?:^|/)action\.ya?ml$", ci.action),
    (r"(?:^|/)\.gitlab-ci\.ya?ml$", ci.gitlab),
    (r"(?:^|/)(?:\.travis\.yml|\.circleci/config\.ya?ml|azure-pipelines[^/]*\.ya?ml|bitbucket-pipelines\.ya?ml|\.drone\.ya?ml"
     r"|\.?appveyor\.ya?ml|\.buildkite/[^/]+\.ya?ml|\.woodpecker(?:/[^/]+)?\.ya?ml|\.cirrus\.ya?ml|cloudbuild\.ya?ml"
     r"|buildspec[^/]*\.ya?ml|\.semaphore/[^/]+\.ya?ml|codemagic\.ya?ml|bitrise\.ya?ml|wercker\.ya?ml)$", ci.generic),
    (r"(?:^|/)Jenkinsfile[^/]*$", jenkins.pipeline),
    (r"(?:^|/)(?:vercel|now|railway|app|firebase|nixpacks|turbo|render|amplify|heroku|netlify|fly|static"
     r"|\.?renovate(?:rc)?|\.renovaterc|\.platform\.app|\.readthedocs|apphosting)\.(?:json5?|toml|ya?ml)$"
     r"|(?:^|/)\.renovaterc$", deploy.host),
)  # fmt: skip

_READERS = tuple((re.compile(pattern, re.IGNORECASE), reader) for pattern, reader in _TABLE)


def readers(path: str) -> Iterator[Reader]:
    """The readers of a file, each once."""
    seen: list[Reader] = []
    for pattern, reader in _READERS:
        if reader not in seen and pattern.search(path):
            seen.append(reader)
            yield reader
