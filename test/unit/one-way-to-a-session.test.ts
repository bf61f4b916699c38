import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));

/** Where the service has something of this form, as `file: function`. */
function placesOf(isOne: (node: ts.Node) => boolean): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .toSorted()
    .flatMap((file) => {
      const path = join(SOURCE, file);
      const tree = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
      return within(tree, isOne).map((node) => `${relative(SOURCE, path)}: ${functionAround(node)}`);
    });
}

function within(node: ts.Node, isOne: (node: ts.Node) => boolean): ts.Node[] {
  const found = isOne(node) ? [node] : [];
  node.forEachChild((child) => void found.push(...within(child, isOne)));
  return found;
}

function functionAround(node: ts.Node): string {
  for (let outer = node.parent; !ts.isSourceFile(outer); outer = outer.parent)
    if (ts.isFunctionDeclaration(outer) || ts.isMethodDeclaration(outer)) return outer.name?.getText() ?? '';
  return '';
}

const isText = (node: ts.Node | undefined, text: string): boolean =>
  node !== undefined && ts.isStringLiteralLike(node) && node.text === text;

describe('a session', () => {
  it('is asked for in one place alone: by the stage that signs people in', () => {
    const isAskedFor = (node: ts.Node): boolean =>
      ts.isPropertyAssignment(node) &&
      node.name.getText() === 'type' &&
      within(node.initializer, (inner) => isText(inner, 'openSession')).length > 0;
    expect(placesOf(isAskedFor)).toEqual(['stages/user-login/stage.ts: login']);
  });

  it('is stored in one place alone: where the second factor is looked for once more', () => {
    const isStored = (node: ts.Node): boolean =>
      ts.isCallExpression(node) &&
      ['insertInto', 'replaceInto', 'mergeInto'].includes(calledName(node)) &&
      isText(node.arguments[0], 'session');
    expect(placesOf(isStored)).toEqual(['persistence/effects.ts: openSession']);
  });

  it('is stored by no statement that is written out', () => {
    const isWrittenOut = (node: ts.Node): boolean =>
      (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) &&
      /\b(insert|merge)\s+into\s+"?session\b/i.test(node.text);
    expect(placesOf(isWrittenOut)).toEqual([]);
  });

  it('belongs to whom it was opened for: no statement gives it to somebody else', () => {
    const isChanged = (node: ts.Node): boolean =>
      ts.isCallExpression(node) &&
      calledName(node) === 'set' &&
      within(node.expression, (inner) => ts.isCallExpression(inner) && isUpdate(inner)).length > 0 &&
      node.arguments.some((given) => /\b(user_id|amr|aal|token_hash)\b/.test(given.getText()));
    expect(placesOf(isChanged)).toEqual([]);
  });
});

function isUpdate(call: ts.CallExpression): boolean {
  return calledName(call) === 'updateTable' && isText(call.arguments[0], 'session');
}

function calledName({ expression }: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
}
