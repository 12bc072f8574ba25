import * as path from "node:path";
import { credentialsOf } from "../applications/credentials";
import { loadEnvironment } from "../applications/load-environment";

/** An environment of this repository, with its credentials in a file. */
export const minikube = loadEnvironment(path.join(__dirname, ".."), "minikube");

/** The credentials of every environment of this repository. */
export const credentials = credentialsOf(minikube);

/** Credentials whose values are made here. */
export const generated = credentials.map(({ bytes = 0, ...credential }) => ({ ...credential, bytes }));
