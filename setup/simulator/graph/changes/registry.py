"""What a module of mutations offers."""

from ..mutation import Mutation

Mutations = dict[str, Mutation]
